import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import getPort, { portNumbers } from 'get-port';
import { MongoClient } from 'mongodb';
import { solutionOf } from '../../course/answers.ts';
import { editedFiles, type Lesson } from '../../course/lessons.ts';
import type { Judge } from '../../grader/grade.ts';
import { readLayered } from '../../grader/graded-copy.ts';
import type { LessonVerdict } from '../../grader/verdict.ts';
import { namesIn } from '../../setup/files.mjs';
import type { Hostile, Victim } from '../hostile.ts';
import type { Proof } from './proofs.ts';

/**
 * How much longer than twice the solution a hostile answer may take, in milliseconds. The judge's waits are the same
 * on every machine; its work grows with the load as the solution's time does, and some of these answers are a load
 * themselves. On a quiet machine that is 22 s for most lessons.
 */
const LIMIT = 20_000;

/**
 * Proves that a hostile answer gets its verdict, in the right words and in time, and that nothing of it remains.
 * @param quick stops at the first step that fails, and measures no time
 */
export function hostileProof(lesson: Lesson, hostile: Hostile, { quick = false } = {}): Proof {
  return {
    name: `lesson ${lesson.number}: ${hostile.name}`,
    lesson: lesson.number,
    run: async (judge) => {
      const solution = solutionOf(lesson);
      const before = sources(lesson);
      const limit = quick ? Number.POSITIVE_INFINITY : LIMIT + 2 * (await timeOfSolution(judge, lesson));
      const victim: Victim = {
        edited: editedFiles(lesson),
        read: (file) => readLayered(solution, file),
        // Below the ports that systems assign: no program gets it by chance after the answer.
        port: await getPort({ port: portNumbers(20_000, 30_000), host: '127.0.0.1' }),
      };
      const answer = { ...solution, files: hostile.files(victim) };
      const verdict = await judge.grade(lesson, answer, { untilFailure: quick });
      if (verdict.ms > limit) return `it took ${verdict.ms} ms, and may take ${limit}`;
      if (sources(lesson) !== before) return 'the files of the workshop are not what they were';
      return wrongVerdict(verdict, hostile) ?? (await remainder(judge, victim.port));
    },
  };
}

const times = new Map<string, Promise<number>>();

/** The time of the solution on this machine, at its present load, in milliseconds. */
function timeOfSolution(judge: Judge, lesson: Lesson): Promise<number> {
  const time = times.get(lesson.dir) ?? judge.grade(lesson, solutionOf(lesson)).then(({ ms }) => ms);
  times.set(lesson.dir, time);
  return time;
}

function wrongVerdict({ verdict, steps }: LessonVerdict, { passes, says }: Hostile): string | undefined {
  const first = steps.find((step) => step.verdict === 'fail' || step.verdict === 'error');
  if (!first) return passes ? undefined : `its verdict is ${verdict}`;
  const words = `${first.got}\n${first.likely}${first.reason ?? ''}`;
  if (first.verdict === 'error') return `the judge blames itself at ${first.id}: ${words}`;
  if (!says) return `it fails at ${first.id}: ${words}`;
  if (!says.test(words)) return `${first.id} should say ${says}, and says: ${words}`;
  return first.look ? undefined : `${first.id} does not say where to look`;
}

/** What is left of an answer after its verdict: a document in the engine, or a program on its port. */
async function remainder(judge: Judge, port: number): Promise<string | undefined> {
  const client = new MongoClient(judge.engine.uri);
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  await client.close();
  const left = databases
    .map(({ name }) => name)
    .filter((name) => !['admin', 'config', 'local'].includes(name));
  if (left.length > 0) return `its databases remain: ${left.join(', ')}`;
  return (await isListening(port)) ? `somebody still listens on its port ${port}` : undefined;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => resolve(false));
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** The code of a lesson and its solution, as one text. */
function sources(lesson: Lesson): string {
  return [lesson.dir, lesson.solutionDir]
    .flatMap((dir) => namesIn(dir).map((name) => join(dir, name)))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join();
}
