import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Lesson } from '../../course/lessons.ts';
import { filesIn } from '../../course/starter.ts';
import { findMongod } from '../../mongo/find-mongod.ts';
import { stateDir } from '../../shared/state-dir.ts';
import { readStateFile } from '../../shared/state-file.ts';
import { writeWhole } from '../../shared/write-whole.ts';
import { hash } from '../mutants/inputs.ts';
import type { Proof } from './proofs.ts';

/** What every proof depends on besides its lesson: the code that runs and judges answers, the shop, and the packages. */
const SHARED = [
  'package-lock.json',
  'checks/support',
  'lessons/shop',
  ...['engine', 'mongo', 'redis', 'processes', 'grader', 'course', 'shared', 'setup', 'proof/verify'].map(
    (part) => `scripts/${part}`,
  ),
];

const fileIn = (root: string) => join(root, '.workshop', 'proven.json');

/**
 * Splits proofs into those to run and those that passed on this machine with the same files. On a build server all are run.
 * @returns the proofs to run, how many are left out, and `keep`, which stores the green ones of those that ran
 */
export async function unprovenOf(
  proofs: readonly Proof[],
  lessons: readonly Lesson[],
  root: string,
  env: NodeJS.ProcessEnv = process.env,
) {
  const hashes = await hashesOf(lessons, root, env);
  const stored = env.CI ? {} : (readStateFile(fileIn(root), root) ?? {});
  const open = proofs.filter(({ name, lesson }) => stored[name] !== hashes.get(lesson));
  return {
    open,
    left: proofs.length - open.length,
    keep: (ran: readonly Proof[], green: readonly Proof[]): void => {
      if (env.CI) return;
      const kept = { ...stored };
      for (const { name } of ran) delete kept[name];
      for (const { name, lesson } of green) kept[name] = hashes.get(lesson);
      stateDir(root);
      writeWhole(fileIn(root), `${JSON.stringify(kept, null, 1)}\n`);
    },
  };
}

/** For each lesson's number: a hash of all that its proofs depend on. */
async function hashesOf(
  lessons: readonly Lesson[],
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<number, string>> {
  const machine = [process.version, process.platform, env.WORKSHOP_MONGO, await findMongod(), env.REDIS_URL];
  const shared = [machine.join('\n'), ...SHARED.flatMap((path) => contentsOf(join(root, path)))];
  return new Map(
    lessons.map(({ number, dir, solutionDir, checkFile, answersFile }) => {
      const own = [dir, solutionDir, checkFile, join(answersFile, '..')].flatMap(contentsOf);
      return [number, hash(...shared, ...own)];
    }),
  );
}

/** Path and text of a file, or of all files in a folder. Tests are left out: no proof depends on them. */
function contentsOf(path: string): string[] {
  if (!existsSync(path)) return [];
  const files = statSync(path).isDirectory() ? filesIn(path).map((file) => join(path, file)) : [path];
  return files
    .filter((file) => !file.endsWith('.test.ts'))
    .sort()
    .flatMap((file) => [file, readFileSync(file, 'utf8')]);
}
