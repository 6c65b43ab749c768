import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LessonVerdict } from '../grader/verdict.ts';
import { importSource } from '../shared/import-source.ts';
import { ROOT } from '../shared/paths.ts';

/** Receives each verdict on the learner's own files. No function throws. */
export interface VerdictListener {
  /** Puts a verdict into the queue for the class. */
  queueVerdict(verdict: LessonVerdict): Promise<void>;
  /** Sends the queued verdicts, within a short limit. */
  sendQueued(): Promise<void>;
  /** Queues a verdict and sends the queue in the background. */
  reportInBackground(verdict: LessonVerdict, say: (line: string) => void): Promise<void>;
}

const LISTENER = join(ROOT, 'scripts', 'class', 'learner', 'report-verdict.ts');
const NOBODY: VerdictListener = {
  queueVerdict: async () => {},
  sendQueued: async () => {},
  reportInBackground: async () => {},
};

/** The class's listener, found by its path, so that grading works after scripts/class is deleted. */
export async function verdictListener(): Promise<VerdictListener> {
  return existsSync(LISTENER) ? ((await importSource(LISTENER)) as VerdictListener) : NOBODY;
}
