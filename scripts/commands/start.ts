import { randomBytes } from 'node:crypto';
import chalk from 'chalk';
import { MongoError } from 'mongodb';
import type { ShopConfig } from '#shop/config.ts';
import { type Address, readAddress, readConfig } from '../../solutions/shop/config.ts';
import { type Server, serve, untilAskedToStop } from '../../solutions/shop/server.ts';
import { type Mongo, startMongo } from '../mongo/index.ts';
import { readArguments } from '../shared/arguments.ts';
import { redactor } from '../shared/connection-string.ts';
import { remarksOnEnvFile, shopEnvironment } from '../shared/environment.ts';
import { EnvironmentError, EXIT, UsageError } from '../shared/errors.ts';
import { freePort } from '../shared/free-port.ts';
import { portProblem } from '../shared/port.ts';

/** Used unless PORT is set or another program has it; then any free port. */
const DEFAULT_PORT = 3000;

/** `npm start`: the finished shop, on the MongoDB in `.env`, else on one in memory. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  if (positionals.length)
    throw new UsageError(`npm start takes nothing, and was given ${positionals.join(' ')}.`);
  const asked = untilAskedToStop();
  const env = shopEnvironment();
  const address = addressIn(env);
  const mongo = await standIn(env);
  const server = await open(withDefaults(env, mongo), address);

  console.log(`\n  ${chalk.dim('shop ')}  ${chalk.cyan(server.url)}`);
  console.log(
    `  ${chalk.dim('Mongo')}  ${mongo ? `${mongo.uri}shop   ${mongo.kind} ${mongo.version}, in memory` : 'MONGODB_URI, from .env or your environment'}`,
  );
  for (const { words, fix } of mongo ? remarksOnEnvFile() : []) console.log(`\n  ${words}. ${fix}`);
  if (mongo?.note) console.log(chalk.dim(`\n  ${mongo.note}`));
  console.log(chalk.dim('\n  Below is its log, a line a request. Ctrl+C closes the shop.\n'));

  await asked;
  console.log(chalk.dim('\n  Closing: requests in flight are finished first.'));
  await server.close();
  await mongo?.stop();
  return EXIT.ok;
}

/** A Mongo in memory when no variable names one. In production one must be named, because memory ends with the process. */
async function standIn(env: NodeJS.ProcessEnv): Promise<Mongo | undefined> {
  const isNamed = env.MONGODB_URI || env.MONGODB_HOST || env.NODE_ENV === 'production';
  return isNamed ? undefined : startMongo();
}

function withDefaults(env: NodeJS.ProcessEnv, mongo: Mongo | undefined): ShopConfig {
  // A secret for this run, because the sessions in memory end with it, too.
  const secret = mongo ? { SESSION_SECRET: env.SESSION_SECRET || randomBytes(32).toString('hex') } : {};
  try {
    return readConfig({ ...env, ...secret, ...(mongo && { MONGODB_URI: `${mongo.uri}shop` }) });
  } catch (error) {
    throw new EnvironmentError((error as Error).message);
  }
}

async function open(config: ShopConfig, { host, port }: Address): Promise<Server> {
  try {
    return await serve(config, host, port ?? (await freePort(DEFAULT_PORT, host)));
  } catch (error) {
    const problem = port && portProblem(error, port, 'PORT');
    if (problem) throw problem;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new EnvironmentError(`HOST is ${host}, which is no address of this machine.`);
    // For example an option that the driver does not know.
    if (error instanceof MongoError)
      throw new EnvironmentError(
        `MONGODB_URI cannot be used: ${redactor(config.mongodbUri)(error.message)}. npm run doctor says more.`,
      );
    throw error;
  }
}

function addressIn(env: NodeJS.ProcessEnv): Address {
  try {
    return readAddress(env);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
