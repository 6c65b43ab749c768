import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LessonVerdict } from '../../grader/verdict.ts';
import { ROOT } from '../../shared/paths.ts';

// What grades asks these, joined or not. They never throw: a class has no say in a verdict, nor in how a command ends.
// All the rest of a class is loaded for those who have joined one.

/** Puts a verdict on the learner's own answer into the queue for their class. */
export function handOn(verdict: LessonVerdict): Promise<void> {
  return inClass(async () => (await import('./queue.ts')).enqueue(verdict));
}

/** `npm run check`: sends what waits, for a moment. What the learner should know of it goes to stderr. */
export function sendBriefly(): Promise<void> {
  return inClass(async () => (await import('./send.ts')).sendBriefly(console.error));
}

/** `npm run lesson`: sends a verdict, and what waits, in the background. */
export async function handOnMeanwhile(verdict: LessonVerdict, say: (line: string) => void): Promise<void> {
  await handOn(verdict);
  await inClass(async () => (await import('./send.ts')).keepSending(say));
}

async function inClass(work: () => Promise<void>): Promise<void> {
  // Nobody sits at a build server: a learner's clone there shall not speak for them.
  if (process.env.CI || !existsSync(join(ROOT, '.workshop', 'class.json'))) return;
  try {
    await work();
  } catch (error) {
    console.error(`The class was not told: ${(error as Error).message}`);
  }
}
