import { randomBytes } from 'node:crypto';
import {
  appNames,
  askedOf,
  connect,
  databaseWith,
  loginsAt,
  open,
  place,
  standInDns,
} from '#checks/support/connecting.ts';
import { DAMAGED_URIS, eachIsRefused, WEAK_SECRETS } from '#checks/support/damaged-variables.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Environment } from '#shop/config.ts';
import type { Tap } from '../scripts/mongo/tap.ts';

const CLUSTER = 'cluster.session-shop.test';
const NODE = 'mongo-0.session-shop.test';
const USER = 'ann@session-shop.test';
const LOOK = [/mongodb(\+srv)?:\/\//, /MONGODB_URI/];

export default defineCheck(
  (step) => {
    step('4.1', 'the shop connects to MONGODB_URI, and signs with SESSION_SECRET', async (stage) => {
      const env = {
        MONGODB_URI: `${stage.mongo.tap.uri}winter-shop`,
        SESSION_SECRET: stage.config.sessionSecret,
      };
      const sent = 'MONGODB_URI=mongodb://127.0.0.1:PORT/winter-shop\nSESSION_SECRET=(64 characters)';
      const { shop, index, got } = await connect(stage, env, stage.mongo.tap);

      must(index, {
        sent,
        got,
        likely: stage.says(/process\.env/)
          ? 'readConfig reads process.env. It is given the variables: env.MONGODB_URI.'
          : 'The shop did not connect to the address in env.MONGODB_URI.',
        look: LOOK,
      });
      must(place(index) === 'winter-shop.sessions', {
        sent,
        got,
        likely:
          'MONGODB_URI names a database, and the shop went to another. Put shop in only where there is no name.',
        look: [/pathname/, ...LOOK],
      });
      const ann = stage.shopper('Ann', shop);
      const added = await ann.adds('mug');
      must(ann.sessionId(stage.config.sessionSecret), {
        after: added,
        likely: 'The cookie is signed with another secret than the one in env.SESSION_SECRET.',
        look: /sessionSecret/,
      });
      return 'The shop made its index on winter-shop.sessions there, and the cookie is signed with the secret it was given.';
    });

    step('4.2', 'it builds the connection string from parts, with any password', async (stage) => {
      const password = `p@ss:w/o'rd?#100%-<ü>${secretWord()}`;
      const tap = await databaseWith(stage, USER, password);
      const env = { ...partsOf(tap, password), SESSION_SECRET: stage.config.sessionSecret };
      const { index, got } = await connect(stage, env, tap);

      const sent = `MONGODB_USER=${USER}\nMONGODB_PASSWORD=${password}\nMONGODB_HOST=127.0.0.1:PORT`;
      must(index, { sent, got, likely: likelyNoLogin(stage, got, tap), look: [/MONGODB_PASSWORD/, ...LOOK] });
      must(place(index) === 'shop.sessions', {
        sent,
        got: `it logged in, and made an index on ${place(index)}`,
        likely: 'The string that you build has no database name, and the driver takes test then.',
        look: [/MONGODB_HOST/, ...LOOK],
      });
      return `The password ${password} went into the string percent-encoded, and came out of it whole: ${USER} is logged in.`;
    });

    step('4.3', 'a missing database name becomes shop, and the options stay', async (stage) => {
      const password = secretWord();
      const tap = await databaseWith(stage, USER, password);
      const options = 'w=1&appName=cart-lab';
      const login = `${encodeURIComponent(USER)}:${password}`;
      const host = tap.uri.slice('mongodb://'.length);
      const SESSION_SECRET = stage.config.sessionSecret;
      const MONGODB_URI = `mongodb://${login}@${host}?${options}`;
      // Somebody's users live elsewhere. No server here knows them: which database they are looked up in is enough.
      const elsewhere = `mongodb://${login}@${stage.mongo.tap.uri.slice('mongodb://'.length)}?authSource=staff`;
      const [nameless] = await Promise.all([
        connect(stage, { MONGODB_URI, SESSION_SECRET }, tap),
        connect(stage, { MONGODB_URI: elsewhere, SESSION_SECRET }, stage.mongo.tap),
      ]);

      const sent = `MONGODB_URI=mongodb://USER:PASSWORD@127.0.0.1:PORT/?${options}`;
      const { index } = nameless;
      must(index, { sent, got: nameless.got, likely: likelyNoLogin(stage, nameless.got, tap), look: LOOK });
      must(place(index) === 'shop.sessions' || appNames(tap).includes('cart-lab'), {
        sent,
        got: `an index on ${place(index)}, by a driver that calls itself ${appNames(tap).join(', ') || 'nothing'}`,
        likely:
          'The name was put behind the options, and became a part of the last one. It belongs between the host and the question mark.',
        look: [/shop/, ...LOOK],
      });
      must(place(index) === 'shop.sessions', {
        sent,
        got: `an index on ${place(index)}`,
        likely: 'A connection string without a database name means test. Put shop in.',
        look: [/pathname/, ...LOOK],
      });
      must(appNames(tap).includes('cart-lab') && index.body.writeConcern?.w === 1, {
        sent,
        got: `an index on shop.sessions, by a driver that knows nothing of ${options}`,
        likely: 'The options were lost on the way. Put the name in, and leave all else as it was.',
        look: [/pathname/, ...LOOK],
      });
      const lookedUp = loginsAt(stage.mongo.tap).join(', ');
      must(lookedUp === 'staff', {
        sent: 'MONGODB_URI=mongodb://USER:PASSWORD@127.0.0.1:PORT/?authSource=staff',
        got: `the user was looked for in ${lookedUp || 'no database'}`,
        likely:
          'The string says where its users live, and the shop said otherwise. Add authSource=admin only where there is none.',
        look: [/authSource/, ...LOOK],
      });
      return `Without a name the sessions went to shop, and the driver still had ${options}.`;
    });

    step('4.4', 'mongodb+srv: DNS names the servers, and the shop connects', async (stage) => {
      const password = secretWord();
      const tap = await databaseWith(stage, USER, password);
      const port = Number(new URL(tap.uri).port);
      const SESSION_SECRET = stage.config.sessionSecret;
      const uri = `mongodb+srv://${encodeURIComponent(USER)}:${password}@${CLUSTER}/shop`;
      const MONGODB_URI = `${uri}?tls=false`;
      const parts = {
        MONGODB_USER: USER,
        MONGODB_PASSWORD: password,
        MONGODB_HOST: 'atlas.session-shop.test',
      };
      const [whole, built] = await Promise.all([
        connect(stage, { MONGODB_URI, SESSION_SECRET }, tap, [
          { type: 'SRV', name: `_mongodb._tcp.${CLUSTER}`, data: { target: NODE, port } },
          { type: 'TXT', name: CLUSTER, data: 'authSource=admin' },
          { type: 'A', name: NODE, data: '127.0.0.1' },
        ]),
        open(stage, { ...parts, SESSION_SECRET }),
      ]);

      must(whole.index && place(whole.index) === 'shop.sessions', {
        sent: `MONGODB_URI=mongodb+srv://USER:PASSWORD@${CLUSTER}/shop?tls=false…`,
        got: `${whole.got}\nDNS was asked ${askedOf(whole.dns)}`,
        likely:
          'A mongodb+srv string is one like any other: let it pass, keep its scheme and options, add no port.',
        look: LOOK,
      });
      const first = await built.dns.firstQuestion(stage.shop.patience.limit);
      must(first?.type === 'SRV' || first?.type === 'TXT', {
        sent: `MONGODB_HOST=${parts.MONGODB_HOST}, without a port`,
        got: built.refusal ?? `DNS was asked ${askedOf(built.dns)}`,
        likely: 'A host without a port is a name for DNS to resolve: mongodb+srv://, and no port.',
        look: [/MONGODB_HOST/, ...LOOK],
      });
      return `DNS answered ${NODE}:${port} and authSource=admin for ${CLUSTER}, and the driver logged in there.`;
    });

    step('4.5', 'a value that is missing or damaged stops the start, by name', async (stage) => {
      await eachIsRefused(stage, DAMAGED_URIS, { SESSION_SECRET: stage.config.sessionSecret });
      return `${DAMAGED_URIS.length} starts were refused, each with the name of the variable to mend.`;
    });

    step('4.6', 'a missing or weak SESSION_SECRET stops it as well', async (stage) => {
      await eachIsRefused(stage, WEAK_SECRETS, { MONGODB_URI: stage.mongo.uri });
      const env = { MONGODB_URI: stage.mongo.uri, SESSION_SECRET: randomBytes(16).toString('hex') };
      const down = await stage.shop.refusalToOpen({ env });
      await stage.shop.close();
      must(!down, {
        sent: 'SESSION_SECRET=(32 random characters)',
        got: `the shop did not open: ${down?.message}`,
        likely: '32 characters are enough: refuse what is shorter, and nothing else.',
        look: [/32/, /SESSION_SECRET/],
      });
      return 'A shop that anybody could log in to does not open.';
    });

    step('4.7', 'nothing that is printed holds a password', async (stage) => {
      const word = secretWord();
      const SESSION_SECRET = secretWord() + secretWord();
      const parts = partsOf(stage.mongo.tap, `p@ss:w/ord?#${word}`);
      const { address } = await standInDns(stage);
      const start = (env: Environment) => stage.shop.refusalToOpen({ env, dns: address });
      const damaged: Environment[] = [
        { MONGODB_URI: `"mongodb://ann:${word}@127.0.0.1:1/shop"`, SESSION_SECRET },
        { MONGODB_URI: `http://ann:${word}@127.0.0.1:1/shop`, SESSION_SECRET },
        { MONGODB_URI: `mongodb://ann:${word}@/shop`, SESSION_SECRET },
        { ...parts, SESSION_SECRET: word },
      ];
      const messages: string[] = [];
      for (const env of damaged) messages.push((await start(env))?.output ?? '');
      const refusal = await start({ ...parts, SESSION_SECRET });
      // Once a page has come, so has what was printed before it.
      if (!refusal) await stage.shopper('Ann').isAnswered('/');

      const logged = lineWith([word, SESSION_SECRET], await stage.shop.close());
      must(!logged, {
        sent: `a start with MONGODB_PASSWORD=p@ss:w/ord?#${word}`,
        got: `it printed: ${logged}`,
        likely:
          'A secret is in the log now, and whoever reads logs has it. Print the host and the database, or nothing.',
        look: [/console\.\w+/, ...LOOK],
      });
      const told = lineWith([word, SESSION_SECRET], ...messages);
      must(!told, {
        sent: `four starts with a damaged value, each with the secret ${word} in it`,
        got: `it said: ${told}`,
        likely:
          'The message quotes the value, and messages end up in logs. Name the variable, and never say what is in it. What a parser throws may quote it, too.',
        look: [/throw/, /Error\(/, ...LOOK],
      });
      return 'One good start and four refused ones: no password and no secret in any line, in whatever encoding.';
    });
  },
  { showsMongo: false },
);

/** A word that stands nowhere else, and is the same in every encoding. */
function secretWord(): string {
  return randomBytes(12).toString('hex');
}

/** The first line that holds one of the words. */
function lineWith(words: readonly string[], ...texts: readonly string[]): string | undefined {
  const lines = texts.flatMap((text) => text.split('\n'));
  return lines.find((line) => words.some((word) => line.includes(word)));
}

function partsOf(tap: Tap, password: string): Environment {
  return { MONGODB_USER: USER, MONGODB_PASSWORD: password, MONGODB_HOST: new URL(tap.uri).host };
}

/** Why a shop did not get into a database that asks for a user. */
function likelyNoLogin(stage: Stage, got: string, tap: Tap): string {
  const [at] = loginsAt(tap);
  if (at !== undefined && at !== 'admin') {
    return `The driver looked for the user in ${at}, the database of the path. Users live in admin: say authSource=admin with the name.`;
  }
  if (at !== undefined) {
    return 'The database knows the user, and the password that came was another one. Encode it once, and all of it: encodeURIComponent(password).';
  }
  if (/"shop"/.test(got))
    return 'The name of the database stands behind the question mark, where options are. It belongs before it.';
  if (stage.says(/encodeURI\(/))
    return 'encodeURI is for whole addresses and leaves @ : / ? # alone. encodeURIComponent is for a part of one.';
  if (/did not open/.test(got) && stage.says(/encodeURIComponent/))
    return 'A good password was refused. It has a quote and a < in it. Damage is only a quote round the whole value, and a placeholder from its first character to its last.';
  if (stage.says(/MONGODB_PASSWORD/))
    return 'The parts were glued together as they are. In a connection string @ : / ? # % mean something: encodeURIComponent() for user and password.';
  return 'The shop did not find its way to the database.';
}
