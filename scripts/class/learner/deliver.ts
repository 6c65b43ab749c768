import { ROOT } from '../../shared/paths.ts';
import { askClass, NoAnswer } from './ask-class.ts';
import { forgetMembership, type Membership } from './membership.ts';
import { readQueued, takeOut, waiting } from './queue.ts';

/** The result of sending the queue. */
export interface Delivery {
  /** How many reports are still queued. */
  readonly left: number;
  /** Why they could not be sent. */
  readonly why?: string;
  /** Messages for the learner: the class has ended, or refused a report. */
  readonly news: readonly string[];
}

/**
 * Sends the queue, oldest report first. A report that the class did not confirm stays queued; the class counts it once, however often it is sent.
 * Deletes the membership when the class has ended it.
 */
export async function deliver(membership: Membership, signal: AbortSignal, root = ROOT): Promise<Delivery> {
  const news: string[] = [];
  for (const name of waiting(root)) {
    const queued = readQueued(name, root);
    if (!queued) continue;
    const { report, gradedAt } = queued;
    // A difference between two times of this machine's clock is right even when the clock is wrong.
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
