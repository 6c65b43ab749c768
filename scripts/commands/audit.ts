import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readGiven } from '../audit/app/environment.ts';
import { audit } from '../audit/audit.ts';
import { readFlow } from '../audit/browse/flow.ts';
import { FINDING_IDS } from '../audit/findings/catalogue.ts';
import { readSeconds, readWanted } from '../audit/options.ts';
import { loadParser } from '../audit/packages.ts';
import { asHtml } from '../audit/report/html.ts';
import { asJson } from '../audit/report/json.ts';
import { asSarif } from '../audit/report/sarif.ts';
import { count, sawSessions } from '../audit/report/summary.ts';
import { inWords } from '../audit/report/terminal.ts';
import { readArguments, whereTyped } from '../shared/arguments.ts';
import { EnvironmentError, EXIT, UsageError } from '../shared/errors.ts';

const text = { type: 'string' } as const;
const FLAGS = {
  json: { type: 'boolean' },
  start: text,
  env: { type: 'string', multiple: true },
  wait: text,
  budget: text,
  only: text,
  skip: text,
  flow: text,
  har: text,
  html: text,
  sarif: text,
} as const;

/**
 * `npm run audit [folder]`: are the sessions of an Express app right? It is started here, with databases in memory, and shoppers are
 * played on it. Ends with 1 when there is something to mend, with 3 when the app cannot be
 * started, or showed no session.
 */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, FLAGS);
  if (positionals.length !== 1)
    throw new UsageError(
      `npm run audit takes the folder of one app: npm run audit ../my-app. It was given ${positionals.join(' ') || 'none'}.`,
    );
  const string = (name: keyof typeof FLAGS) => (typeof values[name] === 'string' ? values[name] : undefined);
  const pairs = [values.env as unknown].flat().filter((each): each is string => typeof each === 'string');
  const folder = positionals[0] ?? '';
  const start = string('start');
  const file = (name: keyof typeof FLAGS) => {
    const given = string(name);
    return given === undefined ? undefined : resolve(whereTyped('audit'), given);
  };
  if (!(await loadParser(console.error))) {
    console.error('Stopped. Nothing was kept of it; npm run audit fetches it again.');
    return EXIT.interrupted;
  }
  // What was started ends with this process, and the copy of the app goes with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(EXIT.interrupted));
  const result = await audit(folder.includes('://') ? folder : resolve(whereTyped('audit'), folder), {
    ...(start && { start }),
    env: readGiven(pairs),
    startLimit: readSeconds('wait', string('wait'), 60),
    budget: readSeconds('budget', string('budget'), 90),
    wanted: readWanted(string('only'), string('skip'), FINDING_IDS),
    flow: readFlow(file('flow'), file('har')),
    progress: (doing) =>
      process.stderr.isTTY &&
      process.stderr.write(`\r\x1b[K  ${doing}`.slice(0, (process.stderr.columns ?? 80) + 3)),
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  write(file('html'), () => asHtml(result));
  write(file('sarif'), () => `${JSON.stringify(asSarif(result), null, 2)}\n`);
  console.log(
    values.json ? JSON.stringify(asJson(result), null, 2) : inWords(result, process.stdout.columns || 80),
  );
  if (count(result, 'mend') > 0) return EXIT.notYet;
  return sawSessions(result) ? EXIT.ok : EXIT.environment;
}

/** @throws {EnvironmentError} when the file cannot be written */
function write(file: string | undefined, text: () => string): void {
  if (file === undefined) return;
  try {
    writeFileSync(file, text());
  } catch (error) {
    throw new EnvironmentError(`${file} cannot be written: ${(error as Error).message}`);
  }
}
