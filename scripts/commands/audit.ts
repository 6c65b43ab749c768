import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import open from 'open';
import type { StartOptions } from '../audit/app/deployment.ts';
import { readGiven } from '../audit/app/environment.ts';
import { audit } from '../audit/audit.ts';
import { readFlow } from '../audit/browse/flow.ts';
import { FINDING_IDS } from '../audit/findings/catalogue.ts';
import { readSeconds, readWanted } from '../audit/options.ts';
import { loadParser } from '../audit/packages.ts';
import { flowInWords, recordFlow, untilEnter } from '../audit/record.ts';
import { asHtml } from '../audit/report/html.ts';
import { asJson } from '../audit/report/json.ts';
import { asSarif } from '../audit/report/sarif.ts';
import { count, sawSessions } from '../audit/report/summary.ts';
import { asText } from '../audit/report/terminal.ts';
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
  record: text,
  'no-open': { type: 'boolean' },
} as const;

/**
 * `npm run audit [folder]`: are the sessions of an Express app right? Starts it with databases in memory, and plays
 * shoppers on it. Ends with 1 when there is something to mend, with 3 when the app cannot be
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
  // All processes end with this one, and the copy of the app is removed.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(EXIT.interrupted));
  const where = folder.includes('://') ? folder : resolve(whereTyped('audit'), folder);
  const starting = {
    ...(start && { start }),
    env: readGiven(pairs),
    startLimit: readSeconds('wait', string('wait'), 60),
  };
  const recorded = file('record');
  if (recorded) return record(where, starting, recorded, values['no-open'] !== true);
  const result = await audit(where, {
    ...starting,
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
    values.json ? JSON.stringify(asJson(result), null, 2) : asText(result, process.stdout.columns || 80),
  );
  if (count(result, 'mend') > 0) return EXIT.notYet;
  return sawSessions(result) ? EXIT.ok : EXIT.environment;
}

/** `--record flow.json`: makes a flow file of what a person does in their browser. */
async function record(folder: string, starting: StartOptions, into: string, opens: boolean): Promise<number> {
  if (existsSync(into)) throw new UsageError(`${into} is there already: name another file, or delete it.`);
  const flow = await recordFlow(folder, starting, (url) =>
    untilEnter(url, async () => opens && (await open(url))),
  );
  write(into, () => `${JSON.stringify(flow, null, 2)}\n`);
  const lines = flowInWords(flow).map((line) => `  ${line}`);
  console.log([`${into} has:`, ...lines, `npm run audit -- ${folder} --flow ${into}`].join('\n'));
  return EXIT.ok;
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
