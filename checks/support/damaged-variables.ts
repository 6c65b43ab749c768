import { must } from '#grader/check/check.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Environment } from '#shop/config.ts';
import { standInDns } from './connecting.ts';

/** Variables that no shop should open with. */
export interface Damaged {
  readonly env: Environment;
  /** The variable that a message must name. */
  readonly name: string;
  /** Another variable that a message may name. */
  readonly or?: string;
  /** What is wrong with it, as a sentence to the learner. */
  readonly why: string;
}

/** No program listens there: a shop that opens by mistake finds no database. */
const NOBODY = 'mongodb://127.0.0.1:1/shop';

const uri = (MONGODB_URI: string, why: string): Damaged => ({
  env: { MONGODB_URI },
  name: 'MONGODB_URI',
  why,
});
const secret = (SESSION_SECRET: string, why: string): Damaged => ({
  env: { SESSION_SECRET },
  name: 'SESSION_SECRET',
  why,
});

const EMPTY = 'An empty variable is a missing one: ?? and === undefined let it pass, because it is a string.';
const ODD_PORT =
  'A port is a number. The parser lets this one pass, and the driver refuses it later, with an error that names no variable.';

/** Connection strings, and parts of one, as copied from a page or a mail, or typed in haste. */
export const DAMAGED_URIS: readonly Damaged[] = [
  {
    env: {},
    name: 'MONGODB_URI',
    why: 'Nothing says where the database is. Without a word the driver takes 127.0.0.1 and test.',
  },
  uri('', EMPTY),
  {
    env: parts({ MONGODB_HOST: '' }),
    name: 'MONGODB_URI',
    or: 'MONGODB_HOST',
    why: 'Neither variable says where the database is: an empty MONGODB_HOST is a missing one.',
  },
  uri(
    'mongodb+srv://<username>:<password>@cluster.mongodb.net/shop',
    'The placeholders of the copied form are still there. A < or > never stands in a connection string as it is.',
  ),
  uri(
    'mongodb+srv://shop:<db_password>@cluster.mongodb.net/?appName=Cluster0',
    'A placeholder of the copied form is still there. A < or > never stands in a connection string as it is.',
  ),
  uri(
    `"${NOBODY}"`,
    'The quotes were copied along with the string. Not everything that reads variables takes them off.',
  ),
  uri(
    `'${NOBODY}'`,
    'The quotes were copied along with the string. Not everything that reads variables takes them off.',
  ),
  uri(
    `${NOBODY}?retryWrites=false&amp;w=1`,
    'The string was copied from the source of a page: &amp; is how HTML writes &. The driver takes amp;w for an option.',
  ),
  uri(
    String.raw`${NOBODY}\?retryWrites=false\&w=1`,
    'The backslashes come from a shell, where they protect ? and &. In a connection string they are damage.',
  ),
  uri(
    '127.0.0.1:1/shop',
    'This is no connection string: it begins with neither mongodb:// nor mongodb+srv://.',
  ),
  uri(NOBODY.replace(':1/', ':abc/'), ODD_PORT),
  { env: parts({ MONGODB_HOST: '127.0.0.1:abc' }), name: 'MONGODB_HOST', why: ODD_PORT },
  ...['MONGODB_USER', 'MONGODB_PASSWORD'].flatMap((name) => [
    {
      env: parts({ [name]: undefined }),
      name,
      why: 'One of the parts is missing. A string built without it says undefined, as a name or as a password.',
    },
    { env: parts({ [name]: '' }), name, why: EMPTY },
    {
      env: parts({ [name]: '<copied>' }),
      name,
      why: 'A part is still the placeholder that it was copied with.',
    },
  ]),
];

/** Secrets that can be guessed or found. */
export const WEAK_SECRETS: readonly Damaged[] = [
  { env: {}, name: 'SESSION_SECRET', why: 'There is no secret, and one that stands in the code is none.' },
  secret('', EMPTY),
  secret('keyboard cat', 'Everyone who has read a tutorial knows this secret.'),
  secret('5b1d9c02e7f64a83b0c2d4e6f8091a7', 'The secret has 31 characters. Ask for 32 at least.'),
  secret(
    '<paste the output of the command above here>',
    'It is long, and it is still the placeholder that it was copied with.',
  ),
];

/**
 * Opens the answer's shop with each set of damaged variables: it must refuse them, by name.
 * @param sound the valid variables
 */
export async function eachIsRefused(
  stage: Stage,
  damaged: readonly Damaged[],
  sound: Environment,
): Promise<void> {
  const { address } = await standInDns(stage);
  for (const { env, name, or = name, why } of damaged) {
    const sent = shownVariables(env, name);
    const down = await stage.shop.refusalToOpen({ env: { ...sound, ...env }, dns: address });
    // A shop that opened must not run when the next step begins.
    if (!down) await stage.shop.close();
    must(down, {
      sent,
      got: 'the shop opened',
      likely: `${why} Throw an error that names ${name}, and the shop does not open.`,
      look: [new RegExp(name), /readConfig/],
    });
    must(down.output.includes(name) || down.output.includes(or), {
      sent,
      got: `the shop did not open: ${down.message}`,
      likely: `The message does not say which variable to mend. ${why} Throw an error that names ${name}.`,
      ...stage.shop.thrownAt(down),
      look: [new RegExp(name), /readConfig/],
    });
  }
}

function parts(change: Environment): Environment {
  const whole = { MONGODB_USER: 'ann', MONGODB_PASSWORD: 'a-long-password', MONGODB_HOST: '127.0.0.1:1' };
  return { ...whole, ...change };
}

function shownVariables(env: Environment, name: string): string {
  const given = Object.entries(env).filter(([, value]) => value !== undefined);
  const rows = given.map(([key, value]) => `${key}=${value}`);
  return [...rows, ...(env[name] === undefined ? [`no ${name}`] : [])].join('\n');
}
