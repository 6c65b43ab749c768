import { escapeRegExp } from '../shared/escape-regexp.ts';
import { CATALOGUE, type ProblemId } from './problems/catalogue.ts';
import { type Message, type Problem, textOf } from './problems/problem.ts';

/** A message of the catalogue, ready for the search. */
interface Known {
  readonly id: ProblemId;
  readonly message: string;
  readonly pattern: RegExp;
  readonly echo: boolean;
  /** The number of characters without `…`. Undefined for a message with its own pattern: the match's length counts. */
  readonly weight: number | undefined;
}

/** A message of the catalogue that was found in a text. */
export interface Hit extends Known {
  /** A hit with more weight is more exact. */
  readonly weight: number;
  readonly start: number;
  readonly end: number;
}

/** The longest text that `…` stands for. */
const GAP = '.{0,300}?';

/** Every message of the catalogue that a text contains, at its first position. */
export const hitsIn = (said: string): Hit[] => KNOWN.flatMap((known) => find(known, said));

const KNOWN: readonly Known[] = (Object.entries(CATALOGUE) as [ProblemId, Problem][]).flatMap(
  ([id, { says }]) => says.map((message) => known(id, message)),
);

function known(id: ProblemId, message: Message): Known {
  const text = textOf(message);
  const own = typeof message === 'string' ? undefined : message.pattern;
  const echo = typeof message !== 'string' && message.echo === true;
  const letters = text.replaceAll('…', '').length;
  const pattern = own ? new RegExp(own, `${own.flags.replace('i', '')}i`) : patternOf(text);
  return { id, message: text, pattern, echo, weight: own ? undefined : letters };
}

/** The pattern of a message: `…` matches anything, a space any white space, and all quotes are equal. */
function patternOf(message: string): RegExp {
  const pieces = message
    .replace(/^[…\s]+|[…\s]+$/g, '')
    .split('…')
    .map((piece) => escapeRegExp(piece).replace(/\s+/g, '\\s+').replace(/["'`]/g, '["\'`]'));
  const start = /^\w/.test(message) ? '(?<!\\w)' : '';
  const end = /\w$/.test(message) ? '(?!\\w)' : '';
  return new RegExp(`${start}${pieces.join(GAP)}${end}`, 'i');
}

function find(known: Known, said: string): Hit[] {
  const found = known.pattern.exec(said);
  if (!found) return [];
  const [{ length }] = found;
  // A message's own pattern weighs one more, because it was written to tell the message from others.
  return [{ ...known, weight: known.weight ?? length + 1, start: found.index, end: found.index + length }];
}
