import type { RunningLesson } from '../running-lesson.ts';
import { duration } from './xray/attributes.ts';

/** What a learner can do to the shop and its surroundings by a press. */
export interface Switch {
  readonly name: string;
  readonly label: string;
  /** What it does, in a sentence. */
  readonly sentence: string;
  /** The command line that does the same to a shop of one's own; `PID` stands for its process. */
  readonly command: string;
  /** The state that it leaves on; undefined when it leaves none, or is off. */
  readonly on?: (lesson: RunningLesson) => string | undefined;
  /** Why it cannot be pressed now; undefined when it can. */
  readonly off?: (lesson: RunningLesson) => string | undefined;
  /** @returns what happened, in a sentence */
  readonly press: (lesson: RunningLesson) => Promise<string>;
}

const MINUTE = 60_000;
const SLOW = 2000;
const several = ({ instances }: RunningLesson) => instances !== undefined;
const noDatabase = ({ watched }: RunningLesson) => (watched.canSwitch ? undefined : watched.note);

const database = (
  name: string,
  position: 'refuses' | 'hangs' | 'there',
  words: readonly [label: string, sentence: string, command: string, done: string],
): Switch => ({
  name,
  label: words[0],
  sentence: words[1],
  command: words[2],
  on: ({ watched }) =>
    position !== 'there' && watched.position === position ? `database ${position}` : undefined,
  off: (lesson) =>
    noDatabase(lesson) ?? (lesson.watched.position === position ? 'It does already.' : undefined),
  press: async ({ watched }) => {
    await watched.moveTo(position);
    return words[3];
  },
});

const clock = (name: string, ms: number): Switch => ({
  name,
  label: `${duration(ms)} later`,
  sentence: `The clock of shop and shoppers goes ${duration(ms)} ahead, and the database removes what has ended by then. Timers stay.`,
  command: `faketime '+${ms / MINUTE}m' node app.js`,
  on: ({ clock: { ahead } }) => (ahead > 0 ? `clock ${duration(ahead)} ahead` : undefined),
  press: async (lesson) => {
    const removed = await lesson.timePasses(ms);
    return `It is ${duration(lesson.clock.ahead)} later. The database removed ${removed === 1 ? '1 document' : `${removed} documents`}.`;
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
    press: async (lesson) => {
      await lesson.restart();
      return several(lesson)
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
    press: async (lesson) => {
      await lesson.kill();
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
    off: (lesson) => (several(lesson) ? 'This lesson has its instances open already.' : undefined),
    press: async (lesson) => {
      await lesson.switchSecond();
      return lesson.hasSecond
        ? 'Two instances serve the shop now, in turns.'
        : 'One instance serves the shop again.';
    },
  },
  database('refuses', 'refuses', [
    'Database refuses',
    'It is down: its connections end, and new ones are refused.',
    'systemctl stop mongod',
    'The database refuses connections.',
  ]),
  database('hangs', 'hangs', [
    'Database hangs',
    'It takes connections and commands, and answers nothing.',
    'kill -STOP $(pidof mongod)',
    'The database is silent.',
  ]),
  database('there', 'there', [
    'Database is back',
    'It answers again.',
    'systemctl start mongod',
    'The database is there again.',
  ]),
  {
    name: 'slow',
    label: 'Slow writes',
    sentence: `Each write waits ${SLOW / 1000} s before MongoDB gets it. Reads do not wait.`,
    command: 'tc qdisc add dev lo root netem delay 2s',
    on: ({ watched }) => (watched.slowWrites ? `writes wait ${watched.slowWrites / 1000} s` : undefined),
    off: noDatabase,
    press: async ({ watched }) => {
      watched.slowDown(watched.slowWrites ? 0 : SLOW);
      return watched.slowWrites ? `Writes wait ${SLOW / 1000} s.` : 'Writes are quick again.';
    },
  },
  clock('minutes', 10 * MINUTE),
  clock('hours', 60 * MINUTE),
  clock('days', 14 * 24 * 60 * MINUTE),
  {
    name: 'secret',
    label: 'New secret',
    sentence:
      'config.sessionSecret is a new one, the old one is in config.previousSecrets, and the shop restarts.',
    command: 'SESSION_SECRET=$(openssl rand -hex 32) node app.js',
    on: ({ secrets }) => (secrets > 1 ? `secret number ${secrets}` : undefined),
    press: async (lesson) => {
      await lesson.renewSecret();
      return 'A new secret signs. What becomes of cookies with the old signature is up to the shop.';
    },
  },
];

/** The switches that a lesson needs, by its slug; another lesson shows the first two. All of them are there behind "more". */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'memory-store': ['restart', 'kill'],
  'mongodb-store': ['restart', 'refuses', 'there'],
  'session-config': ['restart', 'secret'],
  'connection-string': ['restart'],
  troubleshooting: ['restart'],
  login: ['restart', 'secret'],
  'cart-and-flash': ['slow', 'restart'],
  'expiry-and-ttl': ['minutes', 'hours', 'days'],
  production: ['refuses', 'hangs', 'there', 'restart', 'secret'],
  'two-instances': ['kill', 'restart', 'refuses', 'there'],
  'redis-or-mongodb': ['restart', 'refuses', 'there', 'days'],
};

/** The switches of a lesson: those it needs, and the others. */
export function switchesOf({ slug }: { readonly slug: string }): { needed: Switch[]; others: Switch[] } {
  const names = NEEDED[slug] ?? ['restart', 'kill'];
  return {
    needed: SWITCHES.filter(({ name }) => names.includes(name)),
    others: SWITCHES.filter(({ name }) => !names.includes(name)),
  };
}
