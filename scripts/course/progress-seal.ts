import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateDir, unwritable, writeState } from '../shared/state-dir.ts';
import { isRecord, readStateFile } from '../shared/state-file.ts';

/**
 * Tells files of progress that a command wrote from those that an answer wrote. Each has a seal: an HMAC of its content with the
 * key in `.workshop/progress/key.json`. A program that reads the key can make a seal, so this stops accidents and simple cheating.
 */
export interface Seals {
  /** 64 hexadecimal digits. */
  readonly key: string;
  /** File name to the seal of its content, for the files that were there, without a seal, when the key was made. */
  readonly before: Readonly<Record<string, unknown>>;
}

const fileOf = (root: string) => join(root, '.workshop', 'progress', 'key.json');

/** @returns undefined when there is no key: no command of this version has written progress, or the file is damaged */
export function readSeals(root: string): Seals | undefined {
  const content = readStateFile(fileOf(root), root);
  const { key, before } = content ?? {};
  return typeof key === 'string' && isRecord(before) ? { key, before } : undefined;
}

/**
 * Makes the key, unless another command has made it meanwhile.
 * @param contents file name to content of the progress that is there
 */
export function makeSeals(contents: ReadonlyMap<string, unknown>, root: string): Seals {
  const key = randomBytes(32).toString('hex');
  const before = Object.fromEntries([...contents].map(([name, each]) => [name, sealOf(key, name, each)]));
  const text = JSON.stringify({ schema: 1, key, before });
  const file = fileOf(root);
  stateDir(root);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(file, root, error);
    const others = readSeals(root);
    if (others) return others;
    writeState(file, text, root, { mode: 0o600 });
  }
  return { key, before };
}

/** The seal of a file's content, in hexadecimal digits. */
export function sealOf(key: string, name: string, content: unknown): string {
  return createHmac('sha256', key)
    .update(`${name}\n${JSON.stringify(content)}`)
    .digest('hex');
}

/** Whether a command wrote this content: always, where there is no key. */
export function isSealed(seals: Seals | undefined, name: string, content: unknown, seal: unknown): boolean {
  return !seals || [seal, seals.before[name]].includes(sealOf(seals.key, name, content));
}
