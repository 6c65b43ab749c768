import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LessonVerdict } from '../../grader/verdict.ts';
import { moveSync, removeSync } from '../../setup/files.mjs';
import { ROOT } from '../../shared/paths.ts';
import { stateDir } from '../../shared/state-dir.ts';
import { writeWhole } from '../../shared/write-whole.ts';
import { likelyRedactor } from '../redact-likely.ts';
import { type Report, reportOf } from '../report.ts';

/** A queued report: one file 'SEQ.ID.json' in `.workshop/class-queue/`. */
export interface Queued {
  readonly report: Report;
  /** By this machine's clock, as Date.now() said. */
  readonly gradedAt: number;
}

const NAME = /^(\d+)\.([\w-]+)\.(json|sent)$/;

const dirIn = (root: string) => join(root, '.workshop', 'class-queue');

/** Adds a verdict to the end of the queue. */
export function enqueue(verdict: LessonVerdict, root = ROOT, own = likelyRedactor(root)): void {
  const [id, seq] = [randomUUID(), countIn(root) + 1];
  const queued: Queued = { report: reportOf(verdict, { id, seq }, own), gradedAt: Date.now() };
  stateDir(root);
  mkdirSync(dirIn(root), { recursive: true });
  const name = `${String(seq).padStart(8, '0')}.${id}.json`;
  writeWhole(join(dirIn(root), name), JSON.stringify(queued));
}

/** The file names of the queued reports, oldest first. */
export function waiting(root = ROOT): string[] {
  return namesIn(root).filter((name) => name.endsWith('.json'));
}

/** Reads a queued report. Undefined when the file is gone or holds no report; such a file is taken out of the queue. */
export function readQueued(name: string, root = ROOT): Queued | undefined {
  try {
    return JSON.parse(readFileSync(join(dirIn(root), name), 'utf8')) as Queued;
  } catch {
    takeOut(name, root);
    return undefined;
  }
}

/** Takes a report out of the queue. The name of the last one stays, so that the count continues. */
export function takeOut(name: string, root = ROOT): void {
  const before = namesIn(root).filter((each) => each.endsWith('.sent') && each < name);
  try {
    moveSync(join(dirIn(root), name), join(dirIn(root), name.replace(/json$/, 'sent')));
  } catch {
    // Another command of the workshop sent it at the same time.
  }
  for (const each of before) removeSync(join(dirIn(root), each));
}

/** Deletes the queue and its count. */
export function clearQueue(root = ROOT): void {
  removeSync(dirIn(root));
}

/** The count of the last report. Two commands at the same moment may use the same number. */
function countIn(root: string): number {
  return Number(NAME.exec(namesIn(root).at(-1) ?? '')?.[1] ?? 0);
}

function namesIn(root: string): string[] {
  try {
    return readdirSync(dirIn(root))
      .filter((name) => NAME.test(name))
      .sort();
  } catch {
    return [];
  }
}
