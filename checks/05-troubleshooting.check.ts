import { examined, inSeconds, type Visits, visitsOf } from '#checks/support/clinic-visits.ts';
import { likelyReason, NO_SERVER, type Reasons, unknownOptions } from '#checks/support/treatment-words.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Problem } from '#shop/patients.ts';
import { startBrokenDeployments } from '../scripts/mongo/deployments/broken-deployments.ts';

/** A wait for a server that is over sooner helps nobody, in milliseconds. */
const SHORTEST_WAIT = 100;
/** What the driver does by itself, in milliseconds. */
const DEFAULT_WAIT = 30_000;

export default defineCheck(
  (step) => {
    step('5.1', 'retryable-writes: a deployment that refuses them stores', async (stage) => {
      const visits = await storesAfter(stage, 'retryable-writes', [
        [/does not support retryable writes/, LIKELY_STILL_RETRYABLE],
      ]);
      keepsOptions(visits, /retryable-writes/);
      const numbered = visits.commands.filter(({ body }) => 'txnNumber' in body).length;
      return `${before(visits)} Treated, ${numbered || 'none'} of ${visits.commands.length} commands carried a transaction number. ${await costOf(stage, visits)}`;
    });

    step('5.2', 'database-name: the sessions go to shop', async (stage) => {
      const visits = await storesAfter(stage, 'database-name', [
        [
          /not authorized on test/,
          'The string names no database, so the driver takes "test". The name stands after the slash, before the "?".',
        ],
        [
          /Authentication failed|Invalid database name: .?admin/,
          ({ treated }) =>
            /authSource=admin[^&]/.test(treated.uri ?? '')
              ? 'What is put at the end of the string belongs to its last option, authSource. The database name stands before the "?".'
              : undefined,
        ],
      ]);
      return `${before(visits)} Treated, ${placesOf(visits)} got the session.`;
    });

    step('5.3', 'password: a slash and an @ in it', async (stage) => {
      const visits = await storesAfter(stage, 'password', [
        [
          /unescaped characters/,
          'A slash in the password ends the part with the hosts. Encode the password, and nothing but the password: encodeURIComponent. encodeURI leaves / and @ alone: it is for whole addresses.',
        ],
        [
          NO_SERVER,
          ({ treated }) =>
            (treated.uri?.split('@').length ?? 0) > 2
              ? 'The password still has an @ in it: what follows is taken for the host, and asked for in the DNS.'
              : undefined,
        ],
        [
          /Authentication failed/,
          ({ treated }) =>
            /%25/.test(treated.uri ?? '')
              ? 'The password was encoded twice: %25 is a % that was encoded.'
              : undefined,
        ],
      ]);
      return `${before(visits)} Encoded, it is a password again, and the server let it in.`;
    });

    step('5.4', 'auth-source: the user is looked up where users live', async (stage) => {
      const visits = await storesAfter(stage, 'auth-source', [
        [
          /stored in admin\./,
          'The name in the path is both: where users are looked up, and where sessions go. Leave shop there, and say authSource=admin.',
        ],
      ]);
      return `${before(visits)} With the database that the user lives in, the same password is right.`;
    });

    step('5.5', 'host-away: the shop is told in good time', async (stage) => {
      const visits = await visitsOf(stage, 'host-away');
      const { treated, sent, got, patient } = visits;
      const look = [/serverSelectionTimeoutMS|TimeoutMS/, /host-away/];
      must(treated.state !== 'waits', { sent, got, likely: likelyWait(visits), look });
      const short = treated.wait !== undefined && treated.wait > 0 && treated.wait < SHORTEST_WAIT;
      must(!short, {
        sent,
        got: `the driver gives up after ${treated.wait} ms`,
        likely:
          'The driver gives up before a server on another machine can have answered. serverSelectionTimeoutMS is in milliseconds: 5 s are 5000.',
        look,
      });
      const { host } = new URL(patient.uri);
      must(
        treated.said.some(({ words }) => words.includes(host)),
        {
          sent,
          got,
          likely:
            (treated.namespace === undefined && likelyReason(visits, [])) ||
            `Nobody says that ${host} is away. This machine does not come back: leave its address, and shorten the wait for it.`,
          look: /host-away/,
        },
      );
      return `As it came, the driver knew of it at once, and would have kept it to itself for ${inSeconds(visits.asItCame.wait)}. Treated, the store says after ${inSeconds(treated.wait)}: ${treated.said[0]?.words}. The process lives.`;
    });

    step('5.6', 'localhost: the address that the server listens on', async (stage) => {
      const visits = await storesAfter(stage, 'localhost', [
        [
          NO_SERVER,
          ({ treated, patient }) =>
            treated.uri?.includes(new URL(patient.uri).host)
              ? 'The server listens on 127.0.0.1. ::1 is this machine too, by its other name, and nobody listens there.'
              : undefined,
        ],
      ]);
      return `${before(visits)} On 127.0.0.1 the server was there all the time.`;
    });

    step('5.7', 'copy-paste: a string out of HTML', async (stage) => {
      const visits = await storesAfter(stage, 'copy-paste', [
        [
          /not supported/,
          ({ got }) =>
            /amp|;/.test(unknownOptions(got))
              ? 'HTML writes & as &amp;, and a copy of the source brings it along. A connection string has & between its options.'
              : undefined,
        ],
      ]);
      keepsOptions(visits, /copy-paste/);
      return `${before(visits)} With a plain &, both options are read.`;
    });

    step('5.8', 'backslash: a string out of a shell', async (stage) => {
      const visits = await storesAfter(stage, 'backslash', [
        [
          /not supported|must be either|Invalid database name/,
          ({ treated }) =>
            /\\|%5C/i.test(treated.uri ?? '')
              ? 'The backslashes kept a shell from reading ?, = and &. The driver takes them for part of a name. All of them have to go.'
              : undefined,
        ],
      ]);
      keepsOptions(visits, /backslash/);
      return `${before(visits)} Without the backslashes, both options are read.`;
    });

    step('5.9', 'dead-store: no store is made before its database is ready', async (stage) => {
      const visits = await storesAfter(stage, 'dead-store', [
        [
          /^treatment:/,
          'The treatment gave up. This database turns more than one caller away before it is ready: catch the error, and knock again.',
        ],
        [
          /^connect: .*connection \d+ to .* closed/,
          'The store itself was turned away, and a store whose first connection failed never tries again. A MongoClient of your own has to be let in first; knock until it is, and then return. Sleeping does not help: this database counts attempts.',
        ],
      ]);
      return `${before(visits)} A store that was made after a client had been let in lives.`;
    });
  },
  {
    // Each patient has a deployment of its own: what it was sent is told by the steps themselves.
    showsMongo: false,
    opens: async (engineUri) => {
      const broken = await startBrokenDeployments(engineUri);
      return {
        config: { clinic: broken.connections },
        say: ['The clinic is open: nine patients wait at /clinic in your shop.'],
        close: () => broken.close(),
      };
    },
  },
);

/** Fails the step unless the treated patient's store keeps its session in shop.sessions of the patient's own deployment. */
async function storesAfter(stage: Stage, problem: Problem, reasons: Reasons): Promise<Visits> {
  const visits = await visitsOf(stage, problem);
  const { treated, sent, got } = visits;
  const told = likelyReason(visits, reasons);
  const look = [new RegExp(`^\\s*['"]?${problem}['"]?\\s*[:(]`), new RegExp(problem)];
  must(treated.state === 'stores', {
    sent,
    got,
    likely: told ?? 'This is not what the patient came with. Compare what was returned with the chart.',
    look,
  });
  must(treated.namespace === 'shop.sessions', {
    sent,
    got,
    likely:
      told ??
      `The session went to ${treated.namespace}. It belongs to the database shop, collection sessions.`,
    look,
  });
  must(placesOf(visits).includes('shop.sessions'), {
    sent,
    got: `${got}, but the patient's own server was sent no update`,
    likely:
      problem === 'localhost'
        ? 'The store was sent to another server than the patient’s. The port of the chart is right: change its host alone.'
        : 'The store was sent to another server than the patient’s. Mend its connection string and keep its address.',
    look,
  });
  return visits;
}

/** Where the patient's server was told to write. */
function placesOf({ commands }: Visits): string {
  return commands
    .filter(({ name, passed }) => name === 'update' && passed)
    .map(({ db, collection }) => `${db}.${collection}`)
    .join(', ');
}

/** The patient's own words, as it came. */
function before({ asItCame }: Visits): string {
  return `As it came: ${asItCame.said.map(({ words }) => `“${words.replace(/\.$/, '')}”`).join(', then ')}.`;
}

function keepsOptions({ commands, sent, got }: Visits, look: RegExp): void {
  const update = commands.find(({ name }) => name === 'update');
  const w = update?.body.writeConcern?.w;
  must(w === 'majority', {
    sent,
    got: `${got}, and the write did not ask for w=majority`,
    likely: `${w === undefined ? 'The other options of the string are gone: it asked for w=majority.' : `The write asked for w=${w}, and the string of the chart for w=majority.`} Mend what is wrong in it, and keep the rest: it was meant.`,
    look,
  });
}

const LIKELY_STILL_RETRYABLE =
  'The write still carries a transaction number, and this deployment takes none. To remove retryWrites=true changes nothing: today it is the default. directConnection=true decides how the driver looks for servers, not what it sends them. The message names the cure.';

function likelyWait({ treated }: Visits): string {
  const { wait, namespace = '' } = treated;
  if (/TimeoutMS/i.test(namespace))
    return `What was added belongs to the name of the database now, ${namespace.replace(/\.sessions$/, '')}. The first option of a string stands behind a ?, the others behind a &.`;
  if (!wait)
    return 'For serverSelectionTimeoutMS, 0 means for ever. Say how many milliseconds a shopper may wait.';
  if (wait !== DEFAULT_WAIT)
    return `serverSelectionTimeoutMS is ${wait} now, and a shopper waits 5 s at most: 5000 milliseconds.`;
  return `The wait of ${inSeconds(wait)} was left in place. Nobody hears of the missing database before it is over: shorten serverSelectionTimeoutMS to 5 s or less, in connectionOptions or in the string. connectTimeoutMS and socketTimeoutMS limit a single connection, and not the search for a server.`;
}

/** What the cure of 5.1 costs, seen: the server stumbles over one write, once with the cure and once without. */
async function costOf(stage: Stage, { shop, patient }: Visits): Promise<string> {
  // From now on it takes retryable writes, as a replica set does.
  await patient.tap?.behave();
  const stumble = { code: 6, message: 'the primary has just changed', labels: ['RetryableWriteError'] };
  patient.tap?.fail('update', stumble);
  const without = await examined(stage, shop, 'retryable-writes', 'treated');
  patient.tap?.fail('update', stumble);
  const retried = await examined(stage, shop, 'retryable-writes', 'untreated');
  if (without.state !== 'fails' || retried.state !== 'stores') return '';
  return `The price: where the server stumbled over one write, that write failed (“${without.said[0]?.words}”). With retryable writes the driver sent it again, and nobody noticed.`;
}
