import { writeFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { whenReleased } from '../setup/files.mjs';

/** How a file is replaced in one move. Tests replace it to imitate Windows. */
type Replace = (file: string, text: string, options: { mode?: number }) => void;

/**
 * Writes a file so that, whenever this process is killed, the old file or the new one is there, whole. Where Windows refuses that
 * for seconds, because another program has the file open, the text is written directly into the file.
 * @param options mode: the file's rights, such as 0o600 for this user alone
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
