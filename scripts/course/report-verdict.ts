import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LessonVerdict } from '../grader/verdict.ts';
import { importSource } from '../shared/import-source.ts';
import { ROOT } from '../shared/paths.ts';

/** Somebody who is told each verdict on the learner's own files. No function throws. */
export interface VerdictListener {
  /** Puts a verdict into the queue for the class. */
  handOn(verdict: LessonVerdict): Promise<void>;
  /** Sends what waits, for a moment. */
  sendBriefly(): Promise<void>;
  /** Sends a verdict, and what waits, in the background. */
  handOnMeanwhile(verdict: LessonVerdict, say: (line: string) => void): Promise<void>;
}

const LISTENER = join(ROOT, 'scripts', 'class', 'learner', 'hand-on.ts');
const NOBODY: VerdictListener = {
  handOn: async () => {},
  sendBriefly: async () => {},
  handOnMeanwhile: async () => {},
};

/** The class's side, found by its path: grading works without the class, and the class can be deleted. */
export async function verdictListener(): Promise<VerdictListener> {
  return existsSync(LISTENER) ? ((await importSource(LISTENER)) as VerdictListener) : NOBODY;
}
