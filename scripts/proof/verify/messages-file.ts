import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lesson } from '../../course/lessons.ts';
import { judgeEach } from '../../grader/judges.ts';
import { differences, type Message, refreshed } from './messages.ts';
import { type Proof, wrongAnswers } from './proofs.ts';

const PAGE = 'checks/MESSAGES.md';
/** The page is made on the oldest supported Node: the words of JavaScript errors depend on it. */
const NODE = '20';
/** How often an answer is graded again when its message differs from the page. */
const TRIES = 3;

/** What was graded just now. */
export interface Graded {
  readonly lessons: readonly Lesson[];
  readonly proofs: readonly Proof[];
  /** The messages for wrong answers. A proof that runs again adds to them. */
  readonly told: readonly Message[];
  readonly root: string;
}

/** Writes the page again. Messages of answers that were not graded stay. */
export async function writeMessages(graded: Graded): Promise<void> {
  writeFileSync(join(graded.root, PAGE), await freshPage(graded));
}

/** Whether the page can be compared here: another Node, another engine and Windows have other words for some errors. */
export function canCompare(engine: string, root: string): boolean {
  const isHome = process.versions.node.startsWith(`${NODE}.`) && process.platform !== 'win32';
  return isHome && engine === 'embedded' && existsSync(join(root, PAGE));
}

/** Compares the messages with the page. @returns the differences; undefined when there are none */
export async function staleMessages(graded: Graded): Promise<string | undefined> {
  const page = readPage(graded.root);
  // Grades again when messages differ: the machine may have been too slow for the first of two mistakes.
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
