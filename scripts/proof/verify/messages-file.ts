import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lesson } from '../../course/lessons.ts';
import { judgeEach } from '../../grader/judges.ts';
import { differences, type Message, refreshed } from './messages.ts';
import { type Proof, wrongAnswers } from './proofs.ts';

const PAGE = 'checks/MESSAGES.md';
/** The page is collected on the oldest Node that is supported: the words of a JavaScript error are Node's own. */
const NODE = '20';
/** How often an answer is graded again that is told something else than the page says. */
const TRIES = 3;

/** What was graded just now. */
export interface Graded {
  readonly lessons: readonly Lesson[];
  readonly proofs: readonly Proof[];
  /** What wrong answers were told. A proof that is run again adds to it. */
  readonly told: readonly Message[];
  readonly root: string;
}

/** Writes the page anew. What was not graded now stays as it is. */
export async function writeMessages(graded: Graded): Promise<void> {
  writeFileSync(join(graded.root, PAGE), await freshPage(graded));
}

/** Whether the page can be compared here: another Node, another engine and Windows say some things in other words. */
export function canCompare(engine: string, root: string): boolean {
  const isHome = process.versions.node.startsWith(`${NODE}.`) && process.platform !== 'win32';
  return isHome && engine === 'embedded' && existsSync(join(root, PAGE));
}

/** Compares what was said with the page. @returns what is wrong; undefined when nothing is */
export async function staleMessages(graded: Graded): Promise<string | undefined> {
  const page = readPage(graded.root);
  // What is told otherwise is asked for again: the machine may have been too slow for the first of two mistakes.
  for (let tries = 0; tries < TRIES; tries++) {
    const otherwise = differences(page, await freshPage(graded));
    const again = graded.proofs.filter(({ name }) => otherwise.includes(name));
    if (again.length === 0) break;
    await judgeEach(again, async (judge, { run }) => void (await run(judge)), graded.root);
  }

  const others = differences(page, await freshPage(graded));
  if (others.length === 0) return undefined;
  return `It is out of date: npm run verify -- --write   writes it anew. What is told otherwise:\n    ${others.join('\n    ')}`;
}

async function freshPage({ lessons, told, root }: Graded): Promise<string> {
  const recorded = new Map<string, ReadonlySet<string>>();
  for (const lesson of lessons) {
    recorded.set(`Lesson ${lesson.number}`, new Set((await wrongAnswers(lesson)).map(({ name }) => name)));
  }
  return refreshed(readPage(root), told, ({ lesson, answer }) => {
    const answers = recorded.get(lesson.split(':')[0] ?? '');
    return answers === undefined || answers.has(answer);
  });
}

function readPage(root: string): string {
  const file = join(root, PAGE);
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : '';
}
