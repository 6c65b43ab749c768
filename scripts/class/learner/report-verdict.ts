import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LessonVerdict } from '../../grader/verdict.ts';
import { ROOT } from '../../shared/paths.ts';

// Grading calls these whether or not the learner has joined a class. They never throw: a class changes no verdict and no exit code.
// The rest of the class's code is loaded only after a learner has joined.

/** Puts a verdict on the learner's own answer into the queue for their class. */
export function queueVerdict(verdict: LessonVerdict): Promise<void> {
  return inClass(async () => (await import('./queue.ts')).enqueue(verdict));
}

/** `npm run check`: sends the queued verdicts, within a short limit. Messages for the learner go to stderr. */
export function sendQueued(): Promise<void> {
  return inClass(async () => (await import('./send.ts')).sendQueued(console.error));
}

/** `npm run lesson`: queues a verdict and sends the queue in the background. */
export async function reportInBackground(verdict: LessonVerdict, say: (line: string) => void): Promise<void> {
  await queueVerdict(verdict);
  await inClass(async () => (await import('./send.ts')).keepSending(say));
}

async function inClass(work: () => Promise<void>): Promise<void> {
  // A build server reports nothing: the learner has not run this command.
  if (process.env.CI || !existsSync(join(ROOT, '.workshop', 'class.json'))) return;
  try {
    await work();
  } catch (error) {
    console.error(`The verdict was not reported to the class: ${(error as Error).message}`);
  }
}
