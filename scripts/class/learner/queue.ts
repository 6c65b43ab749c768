import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { LessonVerdict } from '../../grader/verdict.ts';
import { ROOT } from '../../shared/paths.ts';
import { stateDir } from '../../shared/state-dir.ts';
import { ownWords } from '../own-words.ts';
import { type Report, reportOf } from '../report.ts';

/** A report that waits to be sent: a file of its own, 'SEQ.ID.json' in `.workshop/class-queue/`. */
export interface Queued {
  readonly report: Report;
  /** By this machine's clock, as Date.now() said. */
  readonly gradedAt: number;
}

const NAME = /^(\d+)\.([\w-]+)\.(json|sent)$/;

const dirIn = (root: string) => join(root, '.workshop', 'class-queue');

/** Puts a verdict at the queue's end. */
export function enqueue(verdict: LessonVerdict, root = ROOT, own = ownWords(root)): void {
  const [id, seq] = [randomUUID(), countIn(root) + 1];
  const queued: Queued = { report: reportOf(verdict, { id, seq }, own), gradedAt: Date.now() };
  stateDir(root);
  mkdirSync(dirIn(root), { recursive: true });
  const name = `${String(seq).padStart(8, '0')}.${id}.json`;
  writeFileAtomic.sync(join(dirIn(root), name), JSON.stringify(queued));
}

/** The names of the reports that wait, the first of them first. */
export function waiting(root = ROOT): string[] {
  return namesIn(root).filter((name) => name.endsWith('.json'));
}

/** A report that waits; undefined when it is gone by now, or no report: then it waits no more. */
export function readQueued(name: string, root = ROOT): Queued | undefined {
  try {
    return JSON.parse(readFileSync(join(dirIn(root), name), 'utf8')) as Queued;
  } catch {
    takeOut(name, root);
    return undefined;
  }
}

/** Takes a report out of the queue. The last one's name stays, for the count to go on from. */
export function takeOut(name: string, root = ROOT): void {
  const before = namesIn(root).filter((each) => each.endsWith('.sent') && each < name);
  try {
    renameSync(join(dirIn(root), name), join(dirIn(root), name.replace(/json$/, 'sent')));
  } catch {
    // Another command of the workshop sent it at the same time.
  }
  for (const each of before) rmSync(join(dirIn(root), each), { force: true });
}

/** Forgets all that waits, and the count. */
export function clearQueue(root = ROOT): void {
  rmSync(dirIn(root), { recursive: true, force: true });
}

/** How many reports there have been. Two commands at the same moment may count alike; which of theirs is first nobody can tell. */
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
