import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import chalk from 'chalk';
import getPort, { portNumbers } from 'get-port';
import { formatCode } from '../class/join-code.ts';
import { DEFAULT_PORT } from '../class/learner/address.ts';
import { likelyRedactor } from '../class/redact-likely.ts';
import { addressesOfThisMachine } from '../class/server/addresses.ts';
import { classApp } from '../class/server/app.ts';
import { type Chosen, chooseClass } from '../class/server/choose.ts';
import { csvOf } from '../class/server/csv.ts';
import { type Database, inClassDatabase, openDatabase } from '../class/server/database.ts';
import { knownLessons } from '../class/server/known-lessons.ts';
import { learnersOf } from '../class/server/learners.ts';
import { type Served, serveClass } from '../class/server/serve.ts';
import { readSettings, type Settings } from '../class/server/settings.ts';
import type { ClassContext } from '../class/server/types.ts';
import { type Mongo, startMongo } from '../mongo/index.ts';
import { untilAskedToStop } from '../processes/asked-to-stop.ts';
import { readArguments } from '../shared/arguments.ts';
import { shownUri } from '../shared/connection-string.ts';
import { shopEnvironment } from '../shared/environment.ts';
import { EnvironmentError, EXIT, UsageError } from '../shared/errors.ts';
import { shown } from '../shared/paths.ts';
import { portProblem } from '../shared/port.ts';
import { stateDir } from '../shared/state-dir.ts';

/** The address of a class on a machine without a network. */
const HERE = 'localhost';

const row = (label: string, text: string) => console.log(`  ${chalk.dim(label.padEnd(10))}${text}`);

/**
 * `npm run class [code] [--new]`: serves a class. Learners report their verdicts to it, and its dashboard shows them. It uses the MongoDB of
 * `.env`, where a class continues after a restart, or one in memory.
 */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { new: { type: 'boolean' } });
  if (positionals.length > 1)
    throw new UsageError(
      `npm run class takes the code of one class, and was given ${positionals.join(' ')}.`,
    );
  if (values.new && positionals.length)
    throw new UsageError('npm run class takes a code, to go on with that class, or --new. Not both.');
  const settings = readSettings(shopEnvironment());
  const asked = untilAskedToStop();
  const mongo = settings.mongodbUri ? undefined : await startMongo();
  const mongodbUri = settings.mongodbUri ?? mongo?.uri ?? '';

  const database = await connect(mongodbUri);
  const chosen = await chooseClass(database.records, settings.mongodbUri, {
    named: positionals[0],
    another: values.new === true,
  });
  const port = settings.port ?? (await getPort({ port: portNumbers(DEFAULT_PORT, DEFAULT_PORT + 99) }));
  const hosts = addressesOfThisMachine();
  if (hosts.length === 0) hosts.push(HERE);
  const context: ClassContext = {
    code: chosen.held._id,
    password: settings.password ?? chosen.password,
    sessionSecret: chosen.sessionSecret,
    records: database.records,
    lessons: await knownLessons(),
    own: likelyRedactor(),
    addresses: hosts.map((host) => `${host}:${port}`),
    keptIn: mongo
      ? 'memory: when the class closes, only a table is left, in .workshop/'
      : `MongoDB, ${shownUri(inClassDatabase(mongodbUri))}`,
  };
  const served = await listen(context, database, port);
  tell(context, chosen, settings, mongo);

  await asked;
  console.log(chalk.dim('\n  Closing: requests in flight are finished first.'));
  if (mongo) await leaveCsv(context);
  await served.close();
  await mongo?.stop();
  return EXIT.ok;
}

async function connect(mongodbUri: string): Promise<Database> {
  try {
    return await openDatabase(mongodbUri);
  } catch (error) {
    const { name } = error as Error;
    throw new EnvironmentError(
      `The MongoDB of MONGODB_URI cannot be used (${name}). npm run doctor says why.`,
    );
  }
}

async function listen(context: ClassContext, database: Database, port: number): Promise<Served> {
  try {
    return await serveClass(classApp(context, database), database, port);
  } catch (error) {
    throw portProblem(error, port, 'CLASS_PORT') ?? error;
  }
}

function tell(context: ClassContext, { held, goesOn }: Chosen, { password }: Settings, mongo?: Mongo): void {
  const code = formatCode(context.code);
  const [first = '', ...others] = context.addresses;
  const since = goesOn ? `   goes on, since ${held.startedAt.toLocaleString('en-GB')}` : '';
  console.log(`\n  ${chalk.bold(`Class ${code}`)}${since}\n`);
  row('learners', chalk.cyan(`npm run join ${first} ${code}`));
  if (others.length) row('', `or at ${others.join(', ')}`);
  if (first.startsWith(HERE))
    row('', chalk.yellow('This machine is in no network: only who sits at it can join.'));
  row('dashboard', chalk.cyan(`http://localhost:${first.split(':')[1]}`));
  row('password', password ? 'your CLASS_PASSWORD' : context.password);
  row('data', `kept in ${context.keptIn}`);
  if (mongo?.note) row('', mongo.note);
  if (goesOn) row('', 'npm run class -- --new   begins another one');
  console.log(`
  It listens on all addresses of this machine, so that the room can reach it.
  Who knows the code can join and report; everything else needs the password.
  Ctrl+C closes it.
`);
}

/** Writes the class as a table, because a class in memory ends with this command. */
async function leaveCsv({ records, code, lessons }: ClassContext): Promise<void> {
  const learners = await learnersOf(records, code);
  if (learners.length === 0) return;
  const file = join(stateDir(), `class-${code}.csv`);
  writeFileSync(file, csvOf(learners, lessons));
  console.log(`  The table of the class is in ${shown(file)}`);
}
