import { setTimeout as delay } from 'node:timers/promises';
import { deliver } from './deliver.ts';
import { readMembership } from './membership.ts';

/** How long `npm run check` goes on for the class's sake, in milliseconds. What is not sent by then waits. */
const BRIEFLY = 1000;
/** How long an open lesson tries at a time, and how long it then waits. */
const AT_A_TIME = 10_000;
const PAUSE = 15_000;

/** Tries once to send what waits. @param say is told what the learner should know of it; nothing when all went well */
export async function sendBriefly(say: (line: string) => void): Promise<void> {
  const membership = readMembership();
  if (!membership) return;
  const { left, why, news } = await deliver(membership, AbortSignal.timeout(BRIEFLY));
  for (const line of news) say(line);
  if (why) say(waitsInWords(left, why));
}

let sending = false;

/** Sends what waits, and tries again until nothing does. Called while it is at it, it leaves that to the call before. */
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
    const { left, why, news } = await deliver(membership, AbortSignal.timeout(AT_A_TIME));
    for (const line of news) say(line);
    if (why && !told) say(waitsInWords(left, why));
    if (!why && told) say('The class has all your verdicts now.');
    told = why !== undefined;
    if (left === 0) return;
    if (why) await delay(PAUSE, undefined, { ref: false });
  }
}

function waitsInWords(left: number, why: string): string {
  const verdicts = left === 1 ? '1 verdict waits' : `${left} verdicts wait`;
  return `The class cannot be reached: ${why.replace(/\.$/, '')}. ${verdicts}, and will be sent later.`;
}
