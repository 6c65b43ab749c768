import { findLessons } from '../../course/lessons.ts';
import { mustEnd } from './must.ts';
import { classroom, compass, finishedShop, killedLesson, savedLesson } from './sessions.ts';
import type { ShopFolder } from './shop-folder.ts';

/** One thing that must hold on Windows. */
export interface Item {
  readonly name: string;
  /** @throws {Error} with what was seen, when it does not hold */
  readonly holds: (shop: ShopFolder) => Promise<void>;
}

/** All items, in the order of a learner's first day. */
export function everything(): Item[] {
  return [
    command('list', 0, /1 {2}Memory.*12 {2}/s),
    command('check 1', 1, /✗ 1\.1/),
    command('hint 1', 0, /Step 1\.1, hint 1 of/),
    { name: 'lesson 1: a save is graded, Ctrl+C ends all', holds: savedLesson },
    { name: 'lesson 1: killed, it leaves no process', holds: killedLesson },
    // One at a time: several judges at once reach the limits of a slow machine.
    ...findLessons().map(({ number }) => command(`check ${number} --solutions`, 0, /steps? pass/)),
    command('solution 1', 0, /Other right ways/),
    command('reset 1', 0, /has the starter/),
    command('check 99', 2, /No lesson 99/),
    command('nosuch', 2, /There is no command "nosuch"/),
    { name: 'mongod', holds: mongod },
    command('doctor', 0, /No MONGODB_URI in .*Fit\./s),
    { name: 'start: opens, answers, and closes at Ctrl+C', holds: finishedShop },
    { name: 'class, join, leave: a class is held, and closes at Ctrl+C', holds: classroom },
    { name: 'compass: fetches its page and shows it', holds: compass },
    command('audit scripts/audit/fixtures/apps/memory', 1, /\d+ to mend, \d+ to consider, \d+ ok/),
    command('lab ttl --quick', 0, /ttl\.quick\.html/),
    command('kit ../kit --platform win32-x64', 0, /The kit is in/),
    wrongAnswer(
      'a TypeError in a route',
      "  app.get('/cart', (",
      1,
      '    (undefined as unknown as string).trim();',
      /TypeError/,
    ),
    wrongAnswer(
      'an error while it loads',
      'export function',
      0,
      "throw new Error('no shop today');",
      /no shop today/,
    ),
    wrongAnswer('what is no TypeScript', 'export function', 0, 'const = 2;', /SyntaxError/),
    { name: 'hint 1 while another program holds the progress', holds: heldProgress },
    envFile('a BOM', (text) => Buffer.from(`\uFEFF${text}`, 'utf8')),
    envFile('UTF-16', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')),
  ];
}

function command(line: string, code: number, says: RegExp): Item {
  return {
    name: line,
    holds: async (shop) => mustEnd(await shop.run(line.split(' ')), code, says),
  };
}

const LESSON = '01-memory-store';

/** The solution of lesson 1 with an extra line, which the verdict must name. @param after how many lines below the first with `mark` */
function wrongAnswer(what: string, mark: string, after: number, line: string, says: RegExp): Item {
  return {
    name: `an answer with ${what}: its line is named`,
    async holds(shop) {
      const lines = shop.read(`solutions/${LESSON}/app.ts`).split(/\r?\n/);
      const at = lines.findIndex((each) => each.startsWith(mark)) + after;
      // With the line ends of a Windows editor.
      shop.write('my answer/app.ts', [...lines.slice(0, at), line, ...lines.slice(at)].join('\r\n'));
      const ended = await shop.run(['check', '1', '--answer', 'my answer']);
      mustEnd(ended, 1, says);
      mustEnd(ended, 1, new RegExp(`my answer/app\\.ts:${at + 1}\\b`));
    },
  };
}

/** Must find the mongod of this machine, or say that it may not download one. */
async function mongod(shop: ShopFolder): Promise<void> {
  const ended = await shop.run(['mongod']);
  if (ended.code === 0) mustEnd(ended, 0, /is on this machine/);
  else mustEnd(ended, 3, /MONGOMS_RUNTIME_DOWNLOAD/);
}

async function heldProgress(shop: ShopFolder): Promise<void> {
  // Nothing was proven, and no hint was shown.
  mustEnd(await shop.run(['reset', '1']), 0, /has the starter/);
  mustEnd(await shop.run(['hint', '1']), 0, /hint 1 of 3/);
  const letGo = await shop.hold(`.workshop/progress/${LESSON}.hints.json`);
  try {
    mustEnd(await shop.run(['hint', '1']), 0, /hint 2 of 3/);
  } finally {
    await letGo();
  }
  // The hint was remembered nevertheless.
  mustEnd(await shop.run(['hint', '1']), 0, /hint 3 of 3/);
}

/** `.env` as Windows editors and shells write it. Its host does not exist, and doctor must say so. */
function envFile(what: string, encoded: (text: string) => Buffer): Item {
  return {
    name: `.env with ${what} is read`,
    async holds(shop) {
      shop.write('.env', encoded('MONGODB_URI=mongodb://127.0.0.1:1/shop?serverSelectionTimeoutMS=500\r\n'));
      try {
        mustEnd(await shop.run(['doctor']), 1, /127\.0\.0\.1:1/);
      } finally {
        shop.removeFile('.env');
      }
    },
  };
}
