import { randomBytes } from 'node:crypto';
import {
  appNames,
  askedOf,
  connect,
  databaseWith,
  open,
  place,
  searchedFor,
} from '#checks/support/connecting.ts';
import {
  likelyNoLogin,
  likelyNoParts,
  likelyOtherName,
  likelyOwnError,
  likelyRefused,
  partsOf,
  secretWord,
  USER,
} from '#checks/support/connecting-words.ts';
import { DAMAGED_URIS, eachIsRefused, WEAK_SECRETS } from '#checks/support/damaged-variables.ts';
import { mustKeepSecrets } from '#checks/support/kept-secrets.ts';
import { defineCheck, must, needs } from '#grader/check/check.ts';

const CLUSTER = 'cluster.session-shop.test';
const NODE = 'mongo-0.session-shop.test';
const LOOK = [/mongodb(\+srv)?:\/\//, /MONGODB_URI/];

export default defineCheck(
  (step) => {
    step('4.1', 'the shop connects to MONGODB_URI, and signs with SESSION_SECRET', async (stage) => {
      const env = {
        MONGODB_URI: `${stage.mongo.tap.uri}winter-shop`,
        SESSION_SECRET: stage.config.sessionSecret,
      };
      const sent = 'MONGODB_URI=mongodb://127.0.0.1:PORT/winter-shop\nSESSION_SECRET=(64 characters)';
      const { shop, index, got, thrown } = await connect(stage, env, stage.mongo.tap);

      must(index, {
        sent,
        got,
        likely: likelyRefused(got, Object.keys(env)),
        ...thrown,
        look: [/mongodbUri/, ...LOOK],
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
      const password = `P@ss:w/o'rd?#100%-<ü>${secretWord()}`;
      const tap = await databaseWith(stage, USER, password);
      const env = { ...partsOf(tap, password), SESSION_SECRET: stage.config.sessionSecret };
      const { index, got, thrown } = await connect(stage, env, tap);

      const sent = `MONGODB_USER=${USER}\nMONGODB_PASSWORD=${password}\nMONGODB_HOST=127.0.0.1:PORT`;
      must(index, {
        sent,
        got,
        likely: await likelyNoParts(stage, got, tap),
        ...thrown,
        look: [/MONGODB_PASSWORD/, ...LOOK],
      });
      must(place(index) === 'shop.sessions', {
        sent,
        got: `it logged in, and made an index on ${place(index)}`,
        likely: likelyOtherName(
          index,
          'The string that you build has no database name, and the driver takes test then.',
        ),
        look: [/pathname/, /MONGODB_HOST/, ...LOOK],
      });
      // The same one twice: an answer may ask it whether it lets the user in.
      const { host } = new URL(tap.uri);
      const several = `${host},${host}`;
      const listed = await open(stage, { ...env, MONGODB_HOST: several });
      must(listed.refusal === undefined, {
        sent: sent.replace('127.0.0.1:PORT', '127.0.0.1:PORT,127.0.0.1:PORT'),
        got: listed.refusal ?? '',
        likely:
          'MONGODB_HOST may hold several hosts, with commas between them, and the shop opens with one alone. URL knows no list of hosts; ConnectionString does.',
        ...listed.thrown,
        look: [/new URL\(/, /MONGODB_HOST/, ...LOOK],
      });
      const besideEmpty = await open(stage, { ...env, MONGODB_URI: '' });
      must(besideEmpty.refusal === undefined, {
        sent: `MONGODB_URI=\n${sent}`,
        got: besideEmpty.refusal ?? '',
        likely:
          'An empty MONGODB_URI is a missing one, and the parts are there. ?? and === undefined take it for a connection string: look at its truth.',
        ...besideEmpty.thrown,
        look: [/\?\?/, /MONGODB_URI/, ...LOOK],
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
      // Somebody's users live elsewhere.
      const [nameless, staff, team] = await Promise.all([
        connect(stage, { MONGODB_URI, SESSION_SECRET }, tap),
        searchedFor(stage, login, SESSION_SECRET, '?authSource=staff'),
        searchedFor(stage, login, SESSION_SECRET, 'team'),
      ]);

      const sent = `MONGODB_URI=mongodb://USER:PASSWORD@127.0.0.1:PORT/?${options}`;
      const { index } = nameless;
      must(index, {
        sent,
        got: nameless.got,
        likely: likelyNoLogin(nameless.got, tap),
        ...nameless.thrown,
        look: LOOK,
      });
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
        likely: likelyOtherName(
          index,
          'A connection string without a database name means test. Put shop in.',
        ),
        look: [/pathname/, ...LOOK],
      });
      must(appNames(tap).includes('cart-lab') && index.body.writeConcern?.w === 1, {
        sent,
        got: `an index on shop.sessions, by a driver that knows nothing of ${options}`,
        likely: 'The options were lost on the way. Put the name in, and leave all else as it was.',
        look: [/pathname/, ...LOOK],
      });
      must(staff.includes('staff'), {
        sent: 'MONGODB_URI=mongodb://USER:PASSWORD@127.0.0.1:PORT/?authSource=staff',
        got: `the user was looked for in ${staff.join(', ') || 'no database'}`,
        likely:
          'The string says where its users live, and the shop said otherwise. Add authSource=admin only where there is none.',
        look: [/authSource/, ...LOOK],
      });
      must(team.includes('team'), {
        sent: 'MONGODB_URI=mongodb://USER:PASSWORD@127.0.0.1:PORT/team',
        got: `the user was looked for in ${team.join(', ') || 'no database'}`,
        likely:
          'A string that names a database says with it where its user lives. Add authSource=admin only where you put the name in.',
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
      // A login that nobody has to encode: step 4.2 asks for that.
      const parts = {
        MONGODB_USER: 'ann',
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
          likelyOwnError(whole.got) ??
          'A mongodb+srv string is one like any other: let it pass, keep its scheme and options, add no port.',
        ...whole.thrown,
        look: LOOK,
      });
      // Refused with a port as well: it is not the name.
      const always =
        built.refusal &&
        (await open(stage, { ...parts, MONGODB_HOST: '127.0.0.1:1', SESSION_SECRET })).refusal;
      needs('4.2', !always, {
        sent: 'MONGODB_HOST=127.0.0.1:1',
        got: always ?? '',
        likely: 'The shop does not open with parts, whatever the host: step 4.2 says why.',
        ...built.thrown,
        look: [/MONGODB_HOST/, ...LOOK],
      });
      const first = await built.dns.firstQuestion(stage.shop.timeLimits.responseMs);
      must(first?.type === 'SRV' || first?.type === 'TXT', {
        sent: `MONGODB_HOST=${parts.MONGODB_HOST}, without a port`,
        got: built.refusal ?? `DNS was asked ${askedOf(built.dns)}`,
        likely: 'A host without a port is a name for DNS to resolve: mongodb+srv://, and no port.',
        ...built.thrown,
        look: [/mongodb(?:\+srv)?(?::|\$\{)/, /MONGODB_HOST/, ...LOOK],
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
        likely:
          likelyOwnError(`did not open: ${down?.message}`) ??
          '32 characters are enough: refuse what is shorter, and nothing else.',
        ...(down ? stage.shop.thrownAt(down) : {}),
        look: [/32/, /SESSION_SECRET/],
      });
      return 'A shop that anybody could log in to does not open.';
    });

    step('4.7', 'nothing that is printed holds a password', async (stage) => {
      await mustKeepSecrets(stage, LOOK);
      return 'One good start and four refused ones: no password and no secret in any line, in whatever encoding.';
    });
  },
  { showsMongo: false },
);
