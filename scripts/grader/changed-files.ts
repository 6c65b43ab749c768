import type { StepVerdict } from './verdict.ts';
import type { FilesChange } from './workshop-files.ts';

/** How many files are named. */
const MOST_NAMED = 3;

/**
 * The first step of an answer that ran while files of the workshop changed: it fails when the answer did that, and is not graded
 * when another program may have. So the lesson never passes.
 * @param look where an answer writes files, as shown
 */
export function stepWithChange(
  { id, name }: StepVerdict,
  change: FilesChange,
  { number, look }: { number: number; look: string },
): StepVerdict {
  const { names, by, keptIn } = change;
  const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : '';
  const files = names.slice(0, MOST_NAMED).join(', ') + more;
  const isPackage = names.some((each) => each.startsWith('node_modules/') && !each.includes('/.cache/'));
  const mended = [
    names.some((each) => !each.startsWith('node_modules/'))
      ? `They were put back; what was written is in ${keptIn}.`
      : '',
    isPackage ? 'The next command installs the packages anew.' : '',
  ];
  const said = mended.filter(Boolean).join(' ');
  if (by === 'answer')
    return {
      id,
      name,
      verdict: 'fail',
      sent: 'the requests of this check',
      got: `files of the workshop changed meanwhile: ${files}`,
      likely: `The answer, or a program that it started, wrote into files of the workshop. Nothing of that counts. ${said}`,
      look,
      hint: `npm run hint ${number}`,
    };
  const reason =
    by === 'others'
      ? `Not graded: the workshop itself was changed meanwhile, by git or npm: ${files}. Run the command again.`
      : `Not graded: one of the answers that were graded side by side wrote into files of the workshop: ${files}. ${said} Grade them one at a time: npm run check ${number}.`;
  return { id, name, verdict: 'error', reason };
}
