import { fstatSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { within } from './within.ts';

/** How long a pipe may keep silent before the doctor goes on without it, in milliseconds. A program that starts it may hold one open. */
const SILENT_PIPE_MS = 1000;
/** How long a log may take that was asked for by `-`, in milliseconds. */
const LOG_MS = 20_000;

/**
 * An error text on stdin, as in `node app.js 2>&1 | npm run doctor -`.
 * @param asked by `-`: then its end is waited for
 * @returns undefined when nothing is piped in
 */
export async function textOnStdin(asked: boolean): Promise<string | undefined> {
  if (!asked && !isPiped()) return undefined;
  const reading = text(process.stdin);
  try {
    const said = await within(asked ? LOG_MS : SILENT_PIPE_MS, reading);
    return asked || said.trim() ? said : undefined;
  } catch {
    return undefined;
  } finally {
    process.stdin.destroy();
  }
}

/** A terminal is none, and a socket, as Node opens one for a child process, may never end. */
function isPiped(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isFile();
  } catch {
    return false;
  }
}
