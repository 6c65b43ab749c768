import { OLDEST_NODE } from '../setup/node-version.mjs';

/** START-HERE.txt, which explains the kit. */
export const startHere = ({
  platforms,
  made,
}: {
  platforms: readonly string[];
  made: string;
}) => `THE SESSION SHOP, A WORKSHOP TO TAKE ALONG
==========================================

Everything in this folder works without a network. The machine needs one
thing: Node ${OLDEST_NODE} or later (https://nodejs.org).
It was made on ${made.slice(0, 10)} for ${platforms.join(', ')}.

1. Copy this whole folder from the stick to your disk. In it packages get
   unpacked, and your answers are kept. On a stick that would be slow.

2. Open a terminal in the copy:

   Windows   open the folder in the Explorer, click on the address bar,
             type  cmd  and press Enter
   macOS     open the program Terminal, type  cd  and a space, drag the
             folder into the window, press Return
             If the folder came by a browser, mail or AirDrop, type
             xattr -dr com.apple.quarantine .
             there: macOS would not run the programs in it
   Linux     right-click in the folder, "Open in Terminal"

3. Type

   npm run doctor

   The first command unpacks the packages, which takes half a minute to
   two, and compares every file with the list in kit/SHA256SUMS. It ends
   with the word "Fit.", or tells what to mend and how.

4. Type

   npm run lesson

   and go on as it says. Your progress stays in the copy.

To read: README.md is the way in. lessons/INSTRUCTOR.md is for who teaches,
lessons/REFERENCE.md for the day after.
`;
