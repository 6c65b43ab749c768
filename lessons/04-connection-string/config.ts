import type { Environment, ShopConfig } from '#shop/config.ts';

/** The shop's configuration, read once at the start from variables: those of `.env`, and the machine's own. */
export function readConfig(env: Environment): ShopConfig {
  // TODO: the parts are glued together. Make a connection string of them that holds with any password
  // TODO: a string without a database name, here or in MONGODB_URI, is to mean the database `shop`
  const mongodbUri =
    env.MONGODB_URI ?? `mongodb://${env.MONGODB_USER}:${env.MONGODB_PASSWORD}@${env.MONGODB_HOST}/?shop`;

  // TODO: refuse what is missing, weak, or still as it was copied, by the variable's name
  const sessionSecret = env.SESSION_SECRET ?? 'keyboard cat';

  // TODO: who reads this log?
  console.log(`Sessions are kept in ${mongodbUri}`);
  return { mongodbUri, sessionSecret };
}
