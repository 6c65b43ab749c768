import type { SessionFacts } from '../shop-process/session-facts.ts';
import type { ShopDown } from '../shop-process/shop-down.ts';
import type { Breakdown } from './breakdown.ts';
import type { Exchange } from './exchange.ts';
import { pathIn } from './redirects.ts';
import { likelySilence } from './silence.ts';

/** A way to break down, without what the shop printed. */
type Kind = Omit<Breakdown, 'output'>;

const ENDED_ITSELF = 'The answer ended its own process: process.exit(), or an error that nothing caught.';
const NOT_CREATED =
  'The workshop imports createApp from app.ts, calls it with a config, and expects the Express app back.';
/** Why a shop did not open, when it left no error of its own. */
const NOT_OPENED = {
  unloaded: NOT_CREATED,
  failed: NOT_CREATED,
  silent: 'The answer never finished loading: an endless loop, or an await that nothing ends.',
  ended:
    'The answer ended the process while it was loading: process.exit(), or an error that nothing caught.',
  'port-taken': 'The port was taken.',
} as const;

export const notOpened = ({ kind, message }: ShopDown): Kind => ({
  sent: 'import app.ts, call createApp(config), listen',
  got: 'the shop did not open',
  detail: message,
  otherwise: NOT_OPENED[kind],
});

/** @param how 'ended with exit code 1' */
export const endedMeanwhile = (sent: string, how: string | undefined): Kind => ({
  sent,
  got: `the shop's process ${how}`,
  otherwise: ENDED_ITSELF,
});

/** @param how 'ended with exit code 1' */
export const noAnswerOf = (sent: string, how: string): Kind => ({
  sent,
  got: `no answer: the shop's process ${how}`,
  otherwise: ENDED_ITSELF,
});

export const wasCut = (sent: string, { message }: Error): Kind => ({
  sent,
  got: `the connection was cut without an answer (${message})`,
  otherwise: 'The answer closed the connection itself, before it had ended the response.',
});

/** @param facts what was seen in the process meanwhile; undefined when it reported nothing */
export const noAnswerWithin = (limitMs: number, sent: string, facts: SessionFacts | undefined): Kind => {
  const { likely, look } = likelySilence(sent, facts);
  return { sent, got: `no answer within ${limitMs / 1000} s`, otherwise: likely, look };
};

export const errorPage = (exchange: Exchange): Kind => ({
  after: exchange,
  sent: exchange.sent,
  got: `${exchange.got.split('\n')[0]}: an error page`,
  otherwise:
    exchange.status === 404
      ? 'A page that the shop has was refused. Look at the routes: is the path or the method another one?'
      : `The shop has this page, and the answer said ${exchange.status} in its place.`,
  ...(exchange.status === 404 ? { look: [new RegExp(pathIn(exchange.sent))] } : {}),
  which: 'first',
});
