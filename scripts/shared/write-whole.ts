import { writeFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { whenReleased } from '../setup/files.mjs';

/** How a file is replaced in one move. Tests stand in for Windows with it. */
type Replace = (file: string, text: string, options: { mode?: number }) => void;

/**
 * Writes a file so that it is the old one or the new one, whole, whenever this process is killed. Where Windows refuses that
 * for seconds, because another program has the file open, the text is written into the file as it is.
 * @param options mode: the file's rights, such as 0o600 for what is this user's alone
 * @throws the system's error when it cannot be written at all
 */
export function writeWhole(
  file: string,
  text: string,
  options: { mode?: number } = {},
  replace: Replace = writeFileAtomic.sync,
  system?: Parameters<typeof whenReleased>[1],
): void {
  try {
    whenReleased(() => replace(file, text, options), system);
  } catch {
    writeFileSync(file, text, options);
  }
}
