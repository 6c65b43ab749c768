import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { StepFailure } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';

/** How long a shop may go on to take connections once its shutDown is through, in milliseconds. A right one does not. */
const AFTERGLOW = 1500;
/** Between two looks whether it does, in milliseconds. */
const PAUSE = 20;

/** Where an answer closes its store. */
export const STORE_CLOSED = /(?:store|client)\s*\??\.\s*close\(/;

const BREAKING = [/process\.(?:exit|kill|abort)/, /closeAllConnections|\.destroy\(\)/, /function shutDown/];

/** What a shop that was asked to close did. */
export interface ShutDownResult {
  /** It takes no new connections. */
  readonly stopped: boolean;
  /** Its shutDown is through. */
  readonly through: boolean;
}

/**
 * Asks a shop to close by itself, and waits until it takes no new connections. It may wait with that, as one does behind
 * a slow balancer, for as long as its shutDown goes on.
 * @param url where it is
 */
export async function asksToClose(shop: RunningShop, url: string): Promise<ShutDownResult> {
  const { limit } = shop.patience;
  const began = performance.now();
  let through = Number.POSITIVE_INFINITY;
  void shop.retire().then(() => {
    through = performance.now();
  });
  while (await takesConnections(url)) {
    const now = performance.now();
    if (now > began + limit || now > through + AFTERGLOW) return { stopped: false, through: through <= now };
    await delay(PAUSE);
  }
  return { stopped: true, through: through < Number.POSITIVE_INFINITY };
}

/** Whether the process of a shop that was asked to close ends by itself. Only a wrong one is waited for, and only once. */
export async function endsBySelf(shop: RunningShop): Promise<boolean> {
  const ended = await shop.endsWithin(shop.patience.limit);
  if (!ended) shop.patience.lose();
  await shop.close();
  return ended;
}

/** Whether somebody listens there. */
function takesConnections(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => resolve(false));
    socket.on('connect', () => {
      // Gone at once, so that nobody has to wait for its end.
      socket.resetAndDestroy();
      resolve(true);
    });
  });
}

/** Why a shop that was asked to close still takes new connections. */
export function likelyStillOpen(stage: Stage, { through }: ShutDownResult): string {
  if (!through) {
    return 'shutDown() waits for something, and A takes new shoppers meanwhile. The first thing is server.close(): from then on nobody new comes.';
  }
  if (stage.says(/server\.close\(/)) {
    return 'shutDown() was through, and A took new shoppers all the same. Look whether server.close() is reached.';
  }
  return 'shutDown() was through, and A took new shoppers all the same: whoever runs it will lose patience and kill it, and them. server.close() takes no new connections from then on.';
}

/** For a request that a shop had when it was asked to close, and did not answer: the same failure, with why that may be. */
export function brokeOff(stage: Stage, asked: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof StepFailure)) throw error;
    const { sent = '', got = '' } = error.doubt;
    const likely = likelyBrokeOff(stage);
    throw new StepFailure({ sent: `${asked}. One of them:\n${sent}`, got, likely, look: BREAKING });
  };
}

function likelyBrokeOff(stage: Stage): string {
  if (stage.says(/process\.(?:exit|kill|abort|reallyExit)\b/)) {
    return 'process.exit() ends the process at once, whoever waits for an answer. Leave it out: a process in which nothing is open any more ends by itself.';
  }
  if (stage.says(/closeAllConnections|\.destroy\(\)/)) {
    return 'closeAllConnections() cuts those off, too, who wait for an answer. server.close() alone lets them have it.';
  }
  return 'A ended, or cut the connection, before it had answered. Does createApp() return the app with shutDown? And does that wait for the "close" of the server, which comes after the last answer?';
}

/** Why a request that an instance had, when it was asked to close, got an answer that it would not have got otherwise. */
export function likelyTooEarly(stage: Stage, { status }: Exchange): string {
  if (status === 303) return 'The shop said yes, and what it said yes to is not in MongoDB.';
  if (stage.says(STORE_CLOSED) && status >= 500) {
    return 'The store was closed while requests were under way, and they could not be stored any more. server.close() does not wait: its callback, and the event "close", come when the last request has its answer. Close the store then.';
  }
  return 'This request was here before A was asked to close. It gets the answer that it would have got on any other day.';
}

/** Why the process of an instance goes on after its last answer. */
export function likelyLingers(stage: Stage): string {
  if (stage.says(STORE_CLOSED)) {
    return 'All is answered, and something in the process is still open: a timer, a connection, a second client. Is store.close() reached, and has nobody opened it again?';
  }
  return 'All is answered, and the process goes on: the store has connections and timers open. When the server is closed nobody needs them: await store.close().';
}
