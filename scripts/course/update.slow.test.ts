import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../shared/paths.ts';
import { emptyCopy, type WorkshopCopy } from './fixtures/command-support.ts';

/** The last commit of the old layout, in which learners edited lessons/. */
const OLD = '5389d48';

function git(cwd: string, ...args: string[]): string {
  const settings = ['user.name=Ada', 'user.email=ada@session-shop.test', 'core.autocrlf=false', 'gc.auto=0'];
  const flags = settings.flatMap((each) => ['-c', each]);
  return execFileSync('git', [...flags, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
  });
}

/** Whether this clone has the old commit: a ZIP download, a kit and a shallow clone do not. */
const HAS_OLD = (() => {
  try {
    return git(ROOT, 'cat-file', '-t', OLD).trim() === 'commit';
  } catch {
    return false;
  }
})();

it('the clone that CI tests in has the commit that this page is about', () => {
  if (process.env.GITHUB_ACTIONS) expect(HAS_OLD).toBe(true);
});

it.skipIf(!HAS_OLD)(
  'a clone at the old layout with three lessons begun is updated by git pull, twice',
  async () => {
    const { upstream, learner } = workshops();
    // Lesson 1 is solved, lessons 3 and 9 are begun; 9 in the line that the update changes.
    const solved = git(ROOT, 'show', `${OLD}:solutions/01-memory-store/app.ts`);
    learner.write('lessons/01-memory-store/app.ts', solved);
    const third = begin(learner, '03-session-config');
    const ninth = begin(learner, '09-expiry-and-ttl');
    learner.write(
      '.workshop/progress.json',
      JSON.stringify({
        schema: 1,
        lessons: { '03-session-config': { verdict: 'fail', steps: { '3.1': 'fail' }, hints: { '3.1': 2 } } },
      }),
    );

    takeOverToday(upstream);
    const changed = upstream
      .read('lessons/09-expiry-and-ttl/app.ts')
      .replace(/^.*TODO.*$/m, '  // TODO: said anew');
    upstream.write('lessons/09-expiry-and-ttl/app.ts', changed);
    commit(upstream, 'the update to work/');
    expect(() => git(learner.root, 'pull', '--quiet')).toThrow(/would be overwritten/);
    git(learner.root, 'pull', '--quiet', '--autostash');
    learner.usePackages();

    const first = await learner.run('check 1 3 --json');
    expect(first.err).toMatch(/answers of lesson 1, 3, 9 are in work\//);
    const { lessons } = JSON.parse(first.out);
    expect(lessons[0]).toMatchObject({ answer: 'work/01-memory-store', verdict: 'pass' });
    expect(lessons[1]).toMatchObject({ answer: 'work/03-session-config', verdict: 'fail' });
    expect(learner.read('work/03-session-config/app.ts')).toBe(third);
    expect(learner.read('work/09-expiry-and-ttl/app.ts')).toBe(ninth);
    expect(learner.read('lessons/09-expiry-and-ttl/app.ts')).toBe(changed);
    expect(git(learner.root, 'status', '--porcelain', 'lessons')).toBe('');
    expect(learner.read('.workshop/progress/03-session-config.hints.json')).toContain('"3.1": 2');

    // The next update changes the starter of the solved lesson and its text, and adds a file. It has no conflict.
    const starter = `${upstream.read('lessons/01-memory-store/app.ts')}// of the next update\n`;
    upstream.write('lessons/01-memory-store/app.ts', starter);
    upstream.write('lessons/01-memory-store/README.md', '# Another title\n');
    upstream.write('lessons/01-memory-store/added.ts', 'export const added = true;\n');
    commit(upstream, 'the next update');
    git(learner.root, 'checkout', '--quiet', '--', 'package-lock.json');
    git(learner.root, 'pull', '--quiet');
    learner.usePackages();

    const second = await learner.run('check 1 --json');
    expect({ code: second.code, err: second.err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(second.out).lessons[0]).toMatchObject({ title: 'Another title', verdict: 'pass' });
    expect(learner.read('work/01-memory-store/app.ts')).toBe(solved);
    expect(learner.read('work/01-memory-store/added.ts')).toBe('export const added = true;\n');
    expect((await learner.run('reset 1')).code).toBe(0);
    expect(learner.read('work/01-memory-store/app.ts')).toBe(starter);
  },
);

/** A repository at the old commit, and a learner's clone of it in which an old command has kept the starters. */
function workshops(): { upstream: WorkshopCopy; learner: WorkshopCopy } {
  const [upstream, learner] = [emptyCopy(), emptyCopy()];
  git(dirname(upstream.root), 'clone', '--quiet', '--no-checkout', ROOT, upstream.root);
  git(upstream.root, 'checkout', '--quiet', '-B', 'main', OLD);
  git(dirname(learner.root), 'clone', '--quiet', '--branch', 'main', upstream.root, learner.root);
  const kept = git(learner.root, 'ls-files', '-z', 'lessons').split('\0').filter(Boolean);
  for (const file of kept.filter((each) => /^lessons\/\d/.test(each)))
    learner.write(file.replace('lessons', '.workshop/pristine'), learner.read(file));
  return { upstream, learner };
}

/** Changes the first line with a TODO, like a learner who begins a lesson. @returns the file's text */
function begin(learner: WorkshopCopy, folder: string): string {
  const file = `lessons/${folder}/app.ts`;
  const text = learner.read(file).replace(/^.*TODO.*$/m, '  // half solved');
  learner.write(file, text);
  expect(text).toContain('half solved');
  return text;
}

/** Makes the files of the repository those of this working tree, committed or not. */
function takeOverToday(upstream: WorkshopCopy): void {
  git(upstream.root, 'rm', '-r', '--quiet', '.');
  const files = git(ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0');
  for (const file of files.filter(
    (each) => each && !each.startsWith('work/') && existsSync(join(ROOT, each)),
  ))
    cpSync(join(ROOT, file), upstream.path(file), { recursive: true });
}

function commit(upstream: WorkshopCopy, subject: string): void {
  git(upstream.root, 'add', '-A');
  git(upstream.root, 'commit', '--quiet', '-m', subject);
}
