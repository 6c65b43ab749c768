import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { WITH_TSX } from '../shared/with-tsx.ts';
import { workshopCopy } from './fixtures/command-support.ts';
import { tinyWorkshop } from './fixtures/test-support.ts';
import { answerText, filesIn, losses } from './fixtures/whole.ts';
import { readProgress } from './progress.ts';

/** 200 at a release: `WORKSHOP_KILLS=200 npx vitest run scripts/course/loss.slow.test.ts` */
const KILLS = Number(process.env.WORKSHOP_KILLS || 20);
/** Commands take longer to start: there are fewer kills, unless WORKSHOP_KILLS sets a number. */
const COMMAND_KILLS = process.env.WORKSHOP_KILLS ? KILLS : 4;
/** The commands that write, and how many times as long as `list` they run; an open lesson, until it has graded. */
const COMMANDS = [
  ['check 1', 10],
  ['reset 1', 2],
  ['hint 1', 2],
  ['lesson 1', 12],
] as const;
/** Printed when a test fails: the same seed kills at the same times. */
const SEED = Number(process.env.WORKSHOP_SEED || Date.now() % 100_000);

const LEARNER = fileURLToPath(new URL('./fixtures/busy-learner.ts', import.meta.url));

/** Random numbers from 0 to 1, the same ones for a seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** A starter's files without the text, which is not copied to work/. */
const codeIn = (dir: string) =>
  Object.fromEntries(Object.entries(filesIn(dir)).filter(([name]) => !name.endsWith('.md')));

type Learner = ChildProcessByStdio<Writable, Readable, null>;

function startLearner(root: string, from: number): Learner {
  const args = [...WITH_TSX, LEARNER, root, String(from)];
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

it(`a learner who is killed while they write loses nothing, ${KILLS} times (seed ${SEED})`, async () => {
  const tiny = tinyWorkshop();
  const random = randomOf(SEED);
  const starter = codeIn(tiny.lesson.dir);
  const folder = tiny.lesson.folder;
  let learner = startLearner(tiny.root, 0);
  for (let kill = 1; kill <= KILLS; kill++) {
    // The next process starts meanwhile, and waits for a message.
    const next = startLearner(tiny.root, kill * 1000);
    let said = '';
    learner.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    learner.stdin.write('go\n');
    // After its first reset it writes all the time.
    while (!said.includes('reset')) await once(learner.stdout, 'data');
    await delay(random() * 40);
    learner.kill('SIGKILL');
    await once(learner, 'close');

    const last = (word: string) => [...said.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].at(-1)?.[1];
    const saved = last('saved');
    const answer = saved === undefined ? undefined : answerText(Number(saved));
    const remembered = readProgress(tiny.root).lessons[folder]?.hints['1.1'] ?? -1;
    expect({
      kill,
      losses: losses({ root: tiny.root, folder, starter, answer }),
      forgotten: remembered < Number(last('remembered') ?? -1),
    }).toEqual({ kill, losses: [], forgotten: false });
    // Checked: each attic is checked only once.
    rmSync(tiny.path('.workshop/attic'), { recursive: true, force: true });
    learner = next;
  }
  learner.kill('SIGKILL');
  await once(learner, 'close');
});

it(`a command that is killed loses nothing, ${COMMAND_KILLS} times (seed ${SEED})`, async () => {
  const shop = workshopCopy();
  const random = randomOf(SEED);
  const folder = '01-memory-store';
  const starter = codeIn(shop.path(`lessons/${folder}`));
  // Makes the files in work/, and compiles the commands.
  await shop.run('hint 1');
  const before = performance.now();
  await shop.run('list');
  const listed = performance.now() - before;
  for (let kill = 1; kill <= COMMAND_KILLS; kill++) {
    const [command, lives] = COMMANDS[kill % COMMANDS.length] ?? COMMANDS[0];
    const answer = answerText(kill);
    shop.write(`work/${folder}/app.ts`, answer);
    const running = shop.start(command);
    const began = performance.now();
    const ended = once(running, 'close');
    await Promise.race([delay(random() * lives * listed), ended]);
    running.kill('SIGKILL');
    await ended;
    const when = `${command}, killed after ${Math.round(performance.now() - began)} ms`;
    expect({ when, losses: losses({ root: shop.root, folder, starter, answer }) }).toEqual({
      when,
      losses: [],
    });
  }
});
