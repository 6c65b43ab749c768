import { examined, inSeconds, type Visits, visitsOf } from '#checks/support/clinic-visits.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Problem } from '#shop/patients.ts';
import { startBrokenDeployments } from '../scripts/mongo/deployments/ward.ts';

/** Why a treated patient still fails, told from what it said. The first that matches is told. */
type Reasons = readonly (readonly [said: RegExp, likely: string | ((stage: Stage) => string)])[];

export default defineCheck(
  (step) => {
    step('5.1', 'retryable-writes: a deployment that refuses them stores', async (stage) => {
      const visits = await storesAfter(stage, 'retryable-writes', [
        [/does not support retryable writes/, likelyStillRetryable],
      ]);
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
          /Authentication failed/,
          'What is put at the end of the string belongs to its last option, authSource. The database name stands before the "?".',
        ],
      ]);
      return `${before(visits)} Treated, ${placesOf(visits)} got the session.`;
    });

    step('5.3', 'password: a slash and an @ in it', async (stage) => {
      const visits = await storesAfter(stage, 'password', [
        [
          /unescaped characters/,
          (each) =>
            each.says(/encodeURI\(/)
              ? 'encodeURI leaves / and @ alone: it is for whole addresses. encodeURIComponent is for a part of one.'
              : 'A slash in the password ends the part with the hosts. Encode the password, and nothing but the password: encodeURIComponent.',
        ],
        [
          /ENOTFOUND|EAI_AGAIN|driver:/,
          'The password still has an @ in it: what follows is taken for the host, and asked for in the DNS.',
        ],
        [/Invalid scheme/, 'The whole string was encoded, its scheme too. Only the password needs it.'],
        [
          /Authentication failed/,
          'The string can be read, and the password that it says is another one. Was it encoded twice, or cut?',
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
        [
          /Authentication failed/,
          'The password is right. Without authSource the user is looked up in the database of the path, shop, and lives in admin.',
        ],
      ]);
      return `${before(visits)} With the database that the user lives in, the same password is right.`;
    });

    step('5.5', 'host-away: the shop is told in good time', async (stage) => {
      const visits = await visitsOf(stage, 'host-away');
      const { treated, sent, got, patient } = visits;
      const look = [/serverSelectionTimeoutMS|TimeoutMS/, /host-away/];
      must(treated.state !== 'waits', { sent, got, likely: likelyWait(stage, treated.wait), look });
      const { host } = new URL(patient.uri);
      must(
        treated.said.some(({ words }) => words.includes(host)),
        {
          sent,
          got,
          likely: `Nobody says that ${host} is away. This machine does not come back: leave its address, and shorten the wait for it.`,
          look: /host-away/,
        },
      );
      return `As it came, the driver knew of it at once, and would have kept it to itself for ${inSeconds(visits.asItCame.wait)}. Treated, the store says after ${inSeconds(treated.wait)}: ${treated.said[0]?.words}. The process lives.`;
    });

    step('5.6', 'localhost: the address that the server listens on', async (stage) => {
      const visits = await storesAfter(stage, 'localhost', [
        [
          /::1/,
          'The server listens on 127.0.0.1. ::1 is this machine too, by its other name, and nobody listens there.',
        ],
      ]);
      return `${before(visits)} On 127.0.0.1 the server was there all the time.`;
    });

    step('5.7', 'copy-paste: a string out of HTML', async (stage) => {
      const visits = await storesAfter(stage, 'copy-paste', [
        [
          /not supported/,
          'HTML writes & as &amp;, and a copy of the source brings it along. A connection string has & between its options.',
        ],
      ]);
      keepsOptions(visits, /copy-paste/);
      return `${before(visits)} With a plain &, both options are read.`;
    });

    step('5.8', 'backslash: a string out of a shell', async (stage) => {
      const visits = await storesAfter(stage, 'backslash', [
        [
          /not supported/,
          'The backslashes kept a shell from reading ?, = and &. The driver takes them for part of a name. All of them have to go.',
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
          /Topology is closed/,
          'The store itself was turned away, and a store whose first connection failed never tries again. A MongoClient of your own has to be let in first; knock until it is, and then return.',
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

/** What it means for any patient. */
const OTHERWISE: Reasons = [
  [/^treatment:/, 'The treatment itself threw this, so no store was made. It returns an object with a uri.'],
  [/^driver:/, 'No server answers at the address that came out. Host and port of the chart are right.'],
];

/** Goes on when the treated patient's store keeps its session in shop.sessions of the patient's own deployment. */
async function storesAfter(stage: Stage, problem: Problem, reasons: Reasons): Promise<Visits> {
  const visits = await visitsOf(stage, problem);
  const { treated, sent, got } = visits;
  const [, likely] = [...reasons, ...OTHERWISE].find(([said]) => said.test(got)) ?? [];
  const look = [new RegExp(`^\\s*['"]?${problem}['"]?\\s*[:(]`), new RegExp(problem)];
  const told = typeof likely === 'function' ? likely(stage) : likely;
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
      'The store was sent to another server than the patient’s. Mend its connection string and keep its address.',
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
  must(update?.body.writeConcern?.w === 'majority', {
    sent,
    got: `${got}, and the write did not ask for w=majority`,
    likely:
      'The damage was cut away together with the options. Mend the string: what it asked for is to stay.',
    look,
  });
}

function likelyStillRetryable(stage: Stage): string {
  if (stage.says(/directConnection/)) {
    return 'directConnection=true decides how the driver looks for servers, not what it sends them. The write still carries a transaction number.';
  }
  if (stage.says(/retryWrites=true|delete\(\s*['"`]retryWrites/)) {
    return 'Removing retryWrites=true, as older notes advise, changes nothing: today it is the default. To turn it off you have to say retryWrites=false.';
  }
  return 'The driver gives each write a transaction number, and this deployment takes none. Its message names the cure.';
}

function likelyWait(stage: Stage, wait: number | undefined): string {
  if (!wait)
    return 'For serverSelectionTimeoutMS, 0 means for ever. Say how many milliseconds a shopper may wait.';
  if (wait === 30_000 && stage.says(/connectTimeoutMS|socketTimeoutMS/)) {
    return 'connectTimeoutMS and socketTimeoutMS limit a single connection. How long the driver goes on looking for a server is serverSelectionTimeoutMS.';
  }
  return `The wait of ${inSeconds(wait)} was left in place. Nobody hears of the missing database before it is over: shorten serverSelectionTimeoutMS to 5 s or less.`;
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
