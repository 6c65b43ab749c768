import { ROOT } from '../../shared/paths.ts';
import { askClass, NoAnswer } from './ask-class.ts';
import { forgetMembership, type Membership } from './membership.ts';
import { readQueued, takeOut, waiting } from './queue.ts';

/** How sending went. */
export interface Delivery {
  /** How many reports still wait. */
  readonly left: number;
  /** Why they do. */
  readonly why?: string;
  /** What the learner should know, once: the class has ended, or would not take a report. */
  readonly news: readonly string[];
}

/**
 * Sends what waits, the first report first. One that the class did not confirm stays: it is sent again, and the class keeps it once.
 * A membership that the class ended is forgotten.
 */
export async function deliver(membership: Membership, signal: AbortSignal, root = ROOT): Promise<Delivery> {
  const news: string[] = [];
  for (const name of waiting(root)) {
    const queued = readQueued(name, root);
    if (!queued) continue;
    const { report, gradedAt } = queued;
    // Both by this machine's clock: that it is wrong does not matter.
    const agoMs = Math.max(0, Date.now() - gradedAt);
    try {
      const answer = await askClass(membership, '/reports', { ...report, agoMs }, signal);
      if (answer.ok && answer.report !== report.id)
        throw new NoAnswer('something answers there, but it is no class');
      if (!answer.ok && answer.code === 'later') throw new NoAnswer(answer.message);
      if (!answer.ok && answer.code !== 'unreadable') {
        forgetMembership(membership, root);
        return {
          left: 0,
          news: [...news, `${answer.message} You are in no class now, and nothing is sent.`],
        };
      }
      if (!answer.ok) news.push(answer.message);
      takeOut(name, root);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      return { left: waiting(root).length, why: error.message, news };
    }
  }
  return { left: waiting(root).length, news };
}
