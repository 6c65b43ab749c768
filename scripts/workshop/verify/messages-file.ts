import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lesson } from '../lessons.ts';
import { differences, type Message, refreshed } from './messages.ts';
import { wrongAnswers } from './proofs.ts';

const PAGE = 'checks/MESSAGES.md';
/** The page is collected on the oldest Node that is supported: the words of a JavaScript error are Node's own. */
const NODE = '20';

interface Graded {
  /** What the wrong answers of these lessons were told. */
  readonly told: readonly Message[];
  readonly lessons: readonly Lesson[];
  /** The kind of engine that they were graded on. */
  readonly engine: string;
  /** Writes the page in place of comparing it. */
  readonly write: boolean;
  readonly root: string;
}

/**
 * Compares what was said with the page. What was not graded now stays as it is.
 * @returns what is wrong; '' when nothing is; undefined where the page cannot be compared
 */
export async function staleMessages({
  told,
  lessons,
  engine,
  write,
  root,
}: Graded): Promise<string | undefined> {
  const file = join(root, PAGE);
  if (!existsSync(file) && !write) return undefined;
  // Another Node, another engine and Windows say some things in other words.
  const comparable = engine === 'embedded' && process.versions.node.startsWith(`${NODE}.`);
  if (!write && (!comparable || process.platform === 'win32')) return undefined;

  const page = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : '';
  const recorded = new Map<string, ReadonlySet<string>>();
  for (const lesson of lessons) {
    recorded.set(`Lesson ${lesson.number}`, new Set((await wrongAnswers(lesson)).map(({ name }) => name)));
  }
  const now = refreshed(page, told, ({ lesson, answer }) => {
    const answers = recorded.get(lesson.split(':')[0] ?? '');
    return answers === undefined || answers.has(answer);
  });
  if (write) writeFileSync(file, now);
  if (write || page === now) return '';
  const others = differences(page, now);
  return `It is out of date. npm run verify -- --write   writes it anew. Look at: ${others.join('; ') || 'the page itself'}`;
}
