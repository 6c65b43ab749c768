import chalk from 'chalk';
import { wrapHanging } from '../shared/wrap.ts';
import type { Match } from './look-up.ts';
import { CATALOGUE } from './problems/catalogue.ts';
import type { Problem } from './problems/problem.ts';

const problemOf = ({ id }: Match): Problem => CATALOGUE[id];

/** The meaning of an error text, for the terminal. The text itself is not repeated: it may contain a password or a session ID. */
export function describeAnswers(matches: readonly Match[], width: number): string {
  if (matches.length === 0) return NOT_KNOWN;
  const several = matches.length > 1 ? ['', `  It can be one of ${matches.length}:`] : [];
  return [...several, ...matches.flatMap((match) => answer(match, Math.min(width, 100))), ''].join('\n');
}

const NOT_KNOWN = `
  This message is not known.

  Look for the first error of the log, with its last line: later ones are often its echo. All that is known stands in
  lessons/reference/errors.md; npm run doctor alone looks at this machine and at MONGODB_URI.
`;

function answer(match: Match, width: number): string[] {
  const { cause, fix, lesson } = problemOf(match);
  const line = (name: string, words: string) =>
    wrapHanging(words, width - INDENT).map(
      (each, i) => `  ${(i === 0 ? name : '').padEnd(INDENT - 2)}${each}`,
    );
  return [
    '',
    `  ${chalk.bold(match.id)}`,
    ...(match.message === undefined ? [] : line('message', match.message).map((each) => chalk.dim(each))),
    ...line('cause', cause),
    ...line('fix', fix).map((each) => chalk.bold(each)),
    ...(lesson === undefined ? [] : line('lesson', `${lesson}: npm run lesson ${lesson}`)),
  ];
}

const INDENT = 12;

/** The document that `--json` prints. */
export function answersAsJson(matches: readonly Match[]): object {
  return {
    schema: 1,
    known: matches.length > 0,
    problems: matches.map((match) => {
      const { cause, fix, lesson } = problemOf(match);
      return { id: match.id, message: match.message ?? null, cause, fix, lesson: lesson ?? null };
    }),
  };
}
