import { randomBytes } from 'node:crypto';
import chalk from 'chalk';
import getPort from 'get-port';
import { MongoError } from 'mongodb';
import type { ShopConfig } from '#shop/config.ts';
import { readAddress, readConfig } from '../../solutions/shop/config.ts';
import { type Server, serve, untilAskedToStop } from '../../solutions/shop/server.ts';
import { type Mongo, startMongo } from '../mongo/index.ts';
import { readArguments } from '../shared/arguments.ts';
import { shopEnvironment } from '../shared/environment.ts';
import { EnvironmentError, EXIT, UsageError } from '../shared/errors.ts';

/** The port people expect; another free one when it is taken and nobody asked for it by name. */
const FAVOURITE_PORT = 3000;

/** `npm start`: the finished shop, on the MongoDB in `.env`, else on one in memory. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  if (positionals.length)
    throw new UsageError(`npm start takes nothing, and was given ${positionals.join(' ')}.`);
  const asked = untilAskedToStop();
  const env = shopEnvironment();
  const mongo = await standIn(env);
  const server = await open(withDefaults(env, mongo), env);

  console.log(`\n  ${chalk.dim('shop ')}  ${chalk.cyan(server.url)}`);
  console.log(
    `  ${chalk.dim('Mongo')}  ${mongo ? `${mongo.uri}shop   ${mongo.kind} ${mongo.version}, in memory` : 'from your .env'}`,
  );
  if (mongo?.note) console.log(chalk.dim(`\n  ${mongo.note}`));
  console.log(chalk.dim('\n  Below is its log, a line a request. Ctrl+C closes the shop.\n'));

  await asked;
  console.log(chalk.dim('\n  Closing: requests in flight are finished first.'));
  await server.close();
  await mongo?.stop();
  return EXIT.ok;
}

/** A Mongo in memory when none is named. In production one has to be: what is in memory is gone with the process. */
async function standIn(env: NodeJS.ProcessEnv): Promise<Mongo | undefined> {
  const isNamed = env.MONGODB_URI || env.MONGODB_HOST || env.NODE_ENV === 'production';
  return isNamed ? undefined : startMongo();
}

function withDefaults(env: NodeJS.ProcessEnv, mongo: Mongo | undefined): ShopConfig {
  // Without one in .env the secret lasts as long as the sessions do: both are gone with the database in memory.
  const secret = mongo ? { SESSION_SECRET: env.SESSION_SECRET || randomBytes(32).toString('hex') } : {};
  try {
    return readConfig({ ...env, ...secret, ...(mongo && { MONGODB_URI: `${mongo.uri}shop` }) });
  } catch (error) {
    throw new EnvironmentError((error as Error).message);
  }
}

async function open(config: ShopConfig, env: NodeJS.ProcessEnv): Promise<Server> {
  const { host, port } = address(env);
  try {
    return await serve(config, host, port ?? (await getPort({ port: FAVOURITE_PORT, host })));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new EnvironmentError(`Port ${port} is taken. Set PORT to another one.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new EnvironmentError(`HOST is ${host}, which is no address of this machine.`);
    // An option that no driver knows, say. Only connecting is tried again.
    if (error instanceof MongoError)
      throw new EnvironmentError(`MONGODB_URI cannot be used: ${error.message}. npm run doctor says more.`);
    throw error;
  }
}

function address(env: NodeJS.ProcessEnv) {
  try {
    return readAddress(env);
  } catch (error) {
    throw new EnvironmentError((error as Error).message);
  }
}
