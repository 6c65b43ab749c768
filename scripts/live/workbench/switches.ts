import type { LessonShop } from '../lesson-shop.ts';
import { duration } from './xray/attributes.ts';

/** What a learner can do to the shop and its surroundings with a button. */
export interface Switch {
  readonly name: string;
  readonly label: string;
  /** What it does, in a sentence. */
  readonly sentence: string;
  /** The command line that does the same to the learner's own shop; `PID` stands for its process. */
  readonly command: string | ((shop: LessonShop) => string);
  /** The state that it is in; undefined when it has none, or is off. */
  readonly on?: (shop: LessonShop) => string | undefined;
  /** Why it cannot be pressed now; undefined when it can. */
  readonly off?: (shop: LessonShop) => string | undefined;
  /** @returns what happened, in a sentence */
  readonly press: (shop: LessonShop) => Promise<string>;
}

const MINUTE = 60_000;
const SLOW = 2000;
const several = ({ instances }: LessonShop) => instances !== undefined;
const noDatabase = ({ watched }: LessonShop) => (watched.canSwitch ? undefined : watched.note);

/** Whether the shop keeps its sessions in Redis. */
const inRedis = ({ watched: { config } }: LessonShop) =>
  config.store === 'redis' && config.redisUrl !== undefined;
/** The program that stores the sessions. */
const server = (shop: LessonShop) => (inRedis(shop) ? 'redis-server' : 'mongod');

const database = (
  name: string,
  position: 'refuses' | 'hangs' | 'there',
  words: readonly [label: string, sentence: string, done: string],
  command: (shop: LessonShop) => string,
): Switch => ({
  name,
  label: words[0],
  sentence: words[1],
  command,
  on: ({ watched }) =>
    position !== 'there' && watched.position === position ? `database ${position}` : undefined,
  off: (shop) => noDatabase(shop) ?? (shop.watched.position === position ? 'It does already.' : undefined),
  press: async ({ watched }) => {
    await watched.moveTo(position);
    return words[2];
  },
});

const clock = (name: string, ms: number, ahead: string): Switch => ({
  name,
  label: `${duration(ms)} later`,
  sentence: `The clock of shop and shoppers goes ${duration(ms)} ahead, and the database removes what has ended by then. Timers stay.`,
  command: `faketime -f '+${ahead}' node app.js`,
  on: ({ clock: { ahead } }) => (ahead > 0 ? `clock ${duration(ahead)} ahead` : undefined),
  press: async (shop) => {
    const removed = await shop.timePasses(ms);
    const what = inRedis(shop) ? 'key' : 'document';
    return `It is ${duration(shop.clock.ahead)} later. The database removed ${removed} ${what}${removed === 1 ? '' : 's'}.`;
  },
});

/** All of them, in the order they are shown. */
export const SWITCHES: readonly Switch[] = [
  {
    name: 'restart',
    label: 'Restart',
    sentence:
      'The process ends and a new one starts. Several instances: one after the other, each asked to shut down.',
    command: 'kill PID && node app.js',
    press: async (shop) => {
      await shop.restart();
      return several(shop)
        ? 'Each instance was restarted, one after the other.'
        : 'The old process ended. The shop runs in a new one.';
    },
  },
  {
    name: 'kill',
    label: 'Kill',
    sentence:
      'The process ends in the middle of what it does, without a word. Of several instances it is the first.',
    command: 'kill -9 PID',
    off: ({ processes }) =>
      [...processes.values()][0] === undefined ? 'It is not running. A restart opens it again.' : undefined,
    press: async (shop) => {
      await shop.kill();
      return 'The process was killed. A restart, or a save, opens it again.';
    },
  },
  {
    name: 'second',
    label: 'Second instance',
    sentence:
      'The same shop in another process, with the same config. A balancer sends each request to the next one.',
    command: 'PORT=3001 node app.js',
    on: ({ hasSecond }) => (hasSecond ? 'second instance' : undefined),
    off: (shop) => (several(shop) ? 'This lesson has its instances open already.' : undefined),
    press: async (shop) => {
      await shop.switchSecond();
      return shop.hasSecond
        ? 'Two instances serve the shop now, in turns.'
        : 'One instance serves the shop again.';
    },
  },
  database(
    'refuses',
    'refuses',
    [
      'Database refuses',
      'It is down: its connections end, and new ones are refused.',
      'The database refuses connections.',
    ],
    (shop) => `systemctl stop ${server(shop)}`,
  ),
  database(
    'hangs',
    'hangs',
    ['Database hangs', 'It takes connections and commands, and answers nothing.', 'The database is silent.'],
    (shop) => `kill -STOP $(pidof ${server(shop)})`,
  ),
  database(
    'there',
    'there',
    ['Database is back', 'It answers again.', 'The database is there again.'],
    (shop) =>
      shop.watched.position === 'hangs'
        ? `kill -CONT $(pidof ${server(shop)})`
        : `systemctl start ${server(shop)}`,
  ),
  {
    name: 'slow',
    label: 'Slow writes',
    sentence: `Each write waits ${SLOW / 1000} s before MongoDB gets it. Reads do not wait; with this command they do:`,
    // A second on the way to the server, and one on the way back.
    command: 'tc qdisc add dev lo root netem delay 1s',
    on: ({ watched }) => (watched.slowWrites ? `writes wait ${watched.slowWrites / 1000} s` : undefined),
    off: (shop) =>
      noDatabase(shop) ??
      (inRedis(shop) ? 'The sessions are in Redis, and only writes to MongoDB can be slowed.' : undefined),
    press: async ({ watched }) => {
      watched.slowDown(watched.slowWrites ? 0 : SLOW);
      return watched.slowWrites ? `Writes wait ${SLOW / 1000} s.` : 'Writes are quick again.';
    },
  },
  clock('minutes', 10 * MINUTE, '10m'),
  clock('hours', 60 * MINUTE, '1h'),
  clock('days', 14 * 24 * 60 * MINUTE, '14d'),
  {
    name: 'secret',
    label: 'New secret',
    sentence:
      'config.sessionSecret is a new one, the old one is in config.previousSecrets, and the shop restarts.',
    command: 'PREVIOUS_SESSION_SECRETS=$SESSION_SECRET SESSION_SECRET=$(openssl rand -hex 32) node app.js',
    on: ({ secrets }) => (secrets > 1 ? `secret number ${secrets}` : undefined),
    press: async (shop) => {
      await shop.renewSecret();
      return 'A new secret signs. What becomes of cookies with the old signature is up to the shop.';
    },
  },
];
