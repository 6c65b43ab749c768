import { setTimeout as delay } from 'node:timers/promises';
import { deliver } from './deliver.ts';
import { readMembership } from './membership.ts';

/** The limit for sending at the end of `npm run check`, in milliseconds. What is not sent by then stays queued. */
const SEND_LIMIT_MS = 1000;
/** An open lesson: the limit of one attempt, and the pause before the next one, in milliseconds. */
const ATTEMPT_LIMIT_MS = 10_000;
const RETRY_DELAY_MS = 15_000;

/** Tries once to send the queue. @param say prints a line for the learner; it is not called when all was sent */
export async function sendQueued(say: (line: string) => void): Promise<void> {
  const membership = readMembership();
  if (!membership) return;
  const { left, why, news } = await deliver(membership, AbortSignal.timeout(SEND_LIMIT_MS));
  for (const line of news) say(line);
  if (why) say(describeWaiting(left, why));
}

let sending = false;

/** Sends the queue, and tries again until it is empty. A call while another one is sending returns at once. */
export async function keepSending(say: (line: string) => void): Promise<void> {
  if (sending) return;
  sending = true;
  try {
    await sendAll(say);
  } finally {
    sending = false;
  }
}

async function sendAll(say: (line: string) => void): Promise<void> {
  let told = false;
  for (let membership = readMembership(); membership; membership = readMembership()) {
    const { left, why, news } = await deliver(membership, AbortSignal.timeout(ATTEMPT_LIMIT_MS));
    for (const line of news) say(line);
    if (why && !told) say(describeWaiting(left, why));
    if (!why && told) say('The class has all your verdicts now.');
    told = why !== undefined;
    if (left === 0) return;
    if (why) await delay(RETRY_DELAY_MS, undefined, { ref: false });
  }
}

function describeWaiting(left: number, why: string): string {
  const verdicts = left === 1 ? '1 verdict waits' : `${left} verdicts wait`;
  return `The class cannot be reached: ${why.replace(/\.$/, '')}. ${verdicts}, and will be sent later.`;
}
