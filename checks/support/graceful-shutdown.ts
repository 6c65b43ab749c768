import { connect } from 'node:net';
import { StepFailure } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import { askUntil } from '../../scripts/shared/fair-time.ts';
import type { Instance } from './instances.ts';

/** How long a shop may still take connections when its shutDown has ended, in milliseconds. A right one takes none. */
const CLOSE_GRACE_MS = 1500;

/** Where an answer closes its server. */
export const CLOSING = [/server\.close\(/, /function shutDown/, /shutDown/];
/** Where it closes its store. */
export const STORE_CLOSING = [/(?:store|client)\s*\??\.\s*close\(/, ...CLOSING];

const BREAKING = [/process\.(?:exit|kill|abort)/, /closeAllConnections|\.destroy\(\)/, /function shutDown/];

/** What a shop did when it was asked to close. */
export interface ShutDownResult {
  /** Whether it takes no new connections. */
  readonly stopped: boolean;
  /** Whether its shutDown has ended by now. */
  isThrough(): boolean;
}

/** How a process ended that had nothing left to do. */
export interface Ending {
  readonly ended: boolean;
  /** Its connections to MongoDB at the end of the wait. */
  readonly open: number;
  /** Whether a driver said goodbye to MongoDB: a store was closed. */
  readonly isStoreClosed: boolean;
  /** Whether its shutDown had ended by then. */
  readonly isThrough: boolean;
  /** A TypeError or ReferenceError that the process printed; undefined when it printed none. */
  readonly error: string | undefined;
}

/**
 * Asks a shop to close by itself, and waits until it takes no new connections. A shop may delay that, as one does behind
 * a slow balancer, for as long as its shutDown goes on.
 * @param url the shop's address
 */
export async function asksToClose(shop: RunningShop, url: string): Promise<ShutDownResult> {
  const { responseMs } = shop.timeLimits;
  let through = Number.POSITIVE_INFINITY;
  void shop.retire().then(() => {
    through = performance.now();
  });
  const isThrough = () => through < Number.POSITIVE_INFINITY;
  const isLate = () => performance.now() > through + CLOSE_GRACE_MS;
  const takes = await askUntil(
    () => takesConnections(url),
    (answer) => !answer || isLate(),
    responseMs,
  );
  return { stopped: !takes, isThrough };
}

/** Whether the process of a shop that was asked to close ends by itself. Only a wrong shop makes this wait, and only once. */
export async function endsBySelf(
  { shop, tap }: Pick<Instance, 'shop' | 'tap'>,
  closing: ShutDownResult,
): Promise<Ending> {
  const ended = await shop.endsWithin(shop.timeLimits.responseMs);
  const error = shop.line(/^\s*(?:Type|Reference)Error: /)?.trim();
  const isStoreClosed = tap.commands('endSessions').length > 0;
  const ending = { ended, open: tap.open, isStoreClosed, isThrough: closing.isThrough(), error };
  if (!ended) shop.timeLimits.shorten();
  await shop.close();
  return ending;
}

/** Whether a program listens there. */
function takesConnections(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => resolve(false));
    socket.on('connect', () => {
      // Reset, so that the shop does not have to wait for its end.
      socket.resetAndDestroy();
      resolve(true);
    });
  });
}

/** Why a shop that was asked to close still takes new connections. */
export function likelyStillOpen({ closing }: RunningShop, { isThrough }: ShutDownResult): string {
  if (closing.includes('server.close')) {
    return 'server.close() was called, and somebody listens at this address again: a shop that has closed opens no other server.';
  }
  if (!isThrough()) {
    return 'shutDown() waits for something, and A takes new shoppers meanwhile. The first thing is server.close(): from then on nobody new comes.';
  }
  return 'shutDown() was through, and A took new shoppers all the same: nobody called close() on the server that shutDown() is given. Whoever runs the shop loses patience and kills it, and them. From server.close() on nobody new comes.';
}

/** For a request that a shop had when it was asked to close, and did not answer: the same failure, with a likely reason. */
export function brokeOff(shop: RunningShop, asked: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof StepFailure)) throw error;
    const { sent = '', got = '', error: own } = error.details;
    const told = { sent: `${asked}. One of them:\n${sent}`, got };
    // An error of the answer ended the process: show it with its line.
    if (own && /exit code [^0]/.test(got)) throw new StepFailure({ ...error.details, ...told });
    throw new StepFailure({ ...told, likely: likelyBrokeOff(shop.closing, got), look: BREAKING });
  };
}

function likelyBrokeOff(closing: RunningShop['closing'], got: string): string {
  const [how] = closing.filter((event) => event !== 'server.close' && event !== 'store closed early');
  if (how === 'no shutDown') {
    return 'createApp() returned no shutDown, so whoever runs A could only end its process, before it had answered. It returns the app with shutDown on it, as the starter does.';
  }
  if (how === 'process.exit') {
    return 'process.exit() ends the process at once, whoever waits for an answer. Leave it out: a process in which nothing is open any more ends by itself.';
  }
  if (how === 'closeAllConnections') {
    return 'closeAllConnections() cuts those off, too, who wait for an answer. server.close() alone lets them have it.';
  }
  if (/^no answer within/.test(got)) {
    return closing.includes('server.close')
      ? 'A was closing, and held on to a request that MongoDB had long answered: shutDown() stands in its way.'
      : 'A went on taking new connections for as long as this request could wait: shutDown() waits for something, and nobody called server.close(). That comes first.';
  }
  return got.includes('process')
    ? 'A ended before it had answered. shutDown() waits for the "close" of the server, which comes after the last answer, and ends nothing before.'
    : 'A cut the connection before it had answered. server.close() lets everybody have their answer; nothing else has to end a connection.';
}

/** Why a request that an instance had, when it was asked to close, got an answer that it would not get otherwise. */
export function likelyTooEarly({ closing }: RunningShop, { status }: Exchange): string {
  if (status === 303) return 'The shop said yes, and what it said yes to is not in MongoDB.';
  if (closing.includes('store closed early') && status >= 500) {
    return 'The store was closed while requests were under way, and they could not be stored any more. server.close() does not wait: its callback, and the event "close", come when the last request has its answer. Close the store then.';
  }
  return `This request was here before A was asked to close, and its store was not closed. It gets the answer that it would have got on any other day, and not ${status}.`;
}

/** Why the process of an instance goes on after its last answer. */
export function likelyLingers({ open, isStoreClosed, isThrough }: Ending): string {
  if (open > 0 && isStoreClosed) {
    return 'A store was closed, and connections to MongoDB are still open in the process: there is another store, or another client. Is a store made more than once? The one that session() has and the one that shutDown() closes have to be the same.';
  }
  if (open > 0 && !isThrough) {
    return 'All is answered, and shutDown() has not come to its end: it waits for something else than the last answer, and the store is still open. The "close" of the server comes when the last request has its answer. Close the store then.';
  }
  if (open > 0) {
    return 'All is answered, and the process goes on: the store has connections and timers open. When the server is closed nobody needs them: await store.close().';
  }
  if (!isThrough) {
    return 'All is answered, A has let go of MongoDB, and shutDown() has not come to its end: it waits for something that does not happen.';
  }
  return 'All is answered, and A has let go of MongoDB. Something else in the process is still open: a timer, a server, a connection to somewhere else.';
}
