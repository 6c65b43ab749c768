import { fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../shared/errors.ts';
import { LIMITS } from './limits.ts';

/** The limit for a log that `-` asks for, in milliseconds. An app may keep running after it has printed an error. */
const LOG_MS = 20_000;
/** How much of it is read, in characters. */
const LONGEST = 1_000_000;

/**
 * An error text on stdin, as in `node app.js 2>&1 | npm run doctor -`.
 * @param asked by `-`: waits for the end of the text, or takes what came within 20 s. Without it, a silent pipe is ignored: the
 * program that started the doctor may keep one open.
 * @returns undefined when nothing is piped in
 * @throws {UsageError} when `-` was given and nothing came
 */
export async function textOnStdin(
  asked: boolean,
  input: Readable = process.stdin,
  limit: number = asked ? LOG_MS : LIMITS.pipe,
): Promise<string | undefined> {
  if (!asked && !isPiped()) return undefined;
  let said = '';
  const read = (async () => {
    for await (const piece of input.setEncoding('utf8')) {
      said += piece;
      if (said.length > LONGEST) break;
    }
  })()
    // An unreadable stdin counts as empty.
    .catch(() => {})
    .then(() => 'ended' as const);
  const over = new AbortController();
  const late = delay(limit, 'late' as const, { signal: over.signal });
  try {
    const how = await Promise.race([read, late]);
    if (said.trim() && (asked || how === 'ended')) return said;
    if (asked) throw new UsageError('npm run doctor - reads an error text from a pipe, and nothing came.');
    return undefined;
  } finally {
    over.abort();
    input.destroy();
  }
}

/** Whether stdin is a pipe or a file. A socket, which Node opens for a child process, may never end. */
function isPiped(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isFile();
  } catch {
    return false;
  }
}
