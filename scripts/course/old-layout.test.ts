import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findLessons } from './lessons.ts';
import { moveOldAnswers } from './old-layout.ts';
import { openWork } from './work.ts';

const FOLDERS = ['01-one', '02-two', '03-three'];
const starter = (folder: string, version: number) =>
  `// ${folder}\nconst shipped = ${version};\n\n// TODO: the hole\n\nexport { shipped };\n`;

/** A repository with three lessons, and a learner's clone of it in the old layout: two lessons half solved. */
class OldClone {
  readonly home = mkdtempSync(join(tmpdir(), 'old clone ü '));
  readonly upstream = join(this.home, 'upstream');
  readonly clone = join(this.home, 'clone');

  constructor() {
    mkdirSync(this.upstream);
    this.git(this.upstream, 'init', '--quiet', '--initial-branch=main');
    for (const folder of FOLDERS) {
      this.write(this.upstream, `lessons/${folder}/app.ts`, starter(folder, 1));
      this.write(this.upstream, `lessons/${folder}/README.md`, `# ${folder}\n`);
      this.write(this.upstream, `solutions/${folder}/app.ts`, '// solved\n');
    }
    this.write(this.upstream, '.gitignore', '.workshop/\n');
    this.commit('the old layout');
    this.git(this.home, 'clone', '--quiet', this.upstream, this.clone);
    // The copies that a command of the old layout kept before the learner began.
    for (const folder of FOLDERS)
      cpSync(join(this.clone, 'lessons', folder), join(this.clone, '.workshop', 'pristine', folder), {
        recursive: true,
      });
    for (const folder of FOLDERS.slice(0, 2))
      this.write(this.clone, `lessons/${folder}/app.ts`, answer(folder));
    this.write(this.clone, 'lessons/01-one/extra.ts', '// mine\n');
  }

  git(cwd: string, ...args: string[]): string {
    const who = [
      '-c',
      'user.name=Ada',
      '-c',
      'user.email=ada@session-shop.test',
      '-c',
      'core.autocrlf=false',
    ];
    return execFileSync('git', [...who, ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  write(root: string, path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.clone, path), 'utf8');
  }

  commit(subject: string): void {
    this.git(this.upstream, 'add', '-A');
    this.git(this.upstream, 'commit', '--quiet', '-m', subject);
  }

  /** Moves the answers, and opens each lesson as a command does. @returns what was printed */
  move(): string {
    const said: string[] = [];
    moveOldAnswers(this.clone, (line) => said.push(line));
    for (const lesson of findLessons(this.clone)) openWork(lesson, this.clone);
    return said.join('\n');
  }
}

const answer = (folder: string) => starter(folder, 1).replace('// TODO: the hole', `solve('${folder}');`);

function oldClone(): OldClone {
  const old = new OldClone();
  onTestFinished(() => rmSync(old.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));
  return old;
}

it('a clone with two lessons half solved is updated by git pull, loses nothing, and goes on', () => {
  const old = oldClone();
  old.write(old.upstream, 'lessons/01-one/README.md', '# another text\n');
  old.write(old.upstream, 'lessons/03-three/app.ts', starter('03-three', 2));
  old.write(old.upstream, 'lessons/03-three/added.ts', '// added\n');
  old.commit('the update');
  old.git(old.clone, 'pull', '--quiet');
  expect(old.move()).toMatch(/answers of lesson 1, 2 are in work\//);
  for (const folder of FOLDERS.slice(0, 2)) {
    expect(old.read(`work/${folder}/app.ts`)).toBe(answer(folder));
    expect(old.read(`lessons/${folder}/app.ts`)).toBe(starter(folder, 1));
  }
  expect(old.read('work/01-one/extra.ts')).toBe('// mine\n');
  expect(old.read('work/03-three/app.ts')).toBe(starter('03-three', 2));
  expect(old.read('work/03-three/added.ts')).toBe('// added\n');
  expect(old.git(old.clone, 'status', '--porcelain', 'lessons')).toBe('');
  expect(existsSync(join(old.clone, '.workshop', 'pristine'))).toBe(false);
  // Only once: later changes in lessons/ are no answers.
  expect(old.move()).toBe('');
});

it('an update of the very file that the learner edits comes in by git pull --autostash', () => {
  const old = oldClone();
  old.write(old.upstream, 'lessons/01-one/app.ts', starter('01-one', 2));
  old.commit('the update');
  expect(() => old.git(old.clone, 'pull', '--quiet')).toThrow();
  old.git(old.clone, 'pull', '--quiet', '--autostash');
  expect(old.move()).toMatch(/answers of lesson 1, 2/);
  // Git has merged both changes.
  expect(old.read('work/01-one/app.ts')).toContain("solve('01-one');");
  expect(old.read('work/02-two/app.ts')).toBe(answer('02-two'));
  expect(old.read('lessons/01-one/app.ts')).toBe(starter('01-one', 2));
});

it('an answer that git cannot put together with the update is taken from its stash', () => {
  const old = oldClone();
  old.write(old.upstream, 'lessons/01-one/app.ts', starter('01-one', 2).replace('the hole', 'another hole'));
  old.commit('the update');
  old.git(old.clone, 'pull', '--quiet', '--autostash');
  expect(old.read('lessons/01-one/app.ts')).toContain('<<<<<<<');
  expect(old.move()).toMatch(/answers of lesson 1, 2/);
  expect(old.read('work/01-one/app.ts')).toBe(answer('01-one'));
  expect(old.read('work/02-two/app.ts')).toBe(answer('02-two'));
  expect(old.read('lessons/01-one/app.ts')).toContain('another hole');
  expect(old.git(old.clone, 'status', '--porcelain', 'lessons')).toBe('');
});

it('an update that comes before any old command was run leaves nothing to move', () => {
  const old = oldClone();
  rmSync(join(old.clone, '.workshop'), { recursive: true });
  expect(old.move()).toBe('');
});

it('an answer that waits in a stash is moved, too, and the stash stays', () => {
  const old = oldClone();
  old.write(old.upstream, 'lessons/01-one/app.ts', starter('01-one', 2));
  old.commit('the update');
  old.git(old.clone, 'stash', '--quiet');
  old.git(old.clone, 'pull', '--quiet');
  expect(old.move()).toMatch(/answers of lesson 1, 2/);
  for (const folder of FOLDERS.slice(0, 2)) expect(old.read(`work/${folder}/app.ts`)).toBe(answer(folder));
  expect(old.read('lessons/01-one/app.ts')).toBe(starter('01-one', 2));
  expect(old.git(old.clone, 'stash', 'list')).toMatch(/^stash@\{0\}/);
});

it('a file that the learner did not change is renewed by the next update, also when the lesson was not opened between', () => {
  const old = oldClone();
  old.write(old.upstream, 'lessons/01-one/beside.ts', '// one\n');
  old.commit('the update');
  old.git(old.clone, 'pull', '--quiet');
  moveOldAnswers(old.clone, () => {});
  old.write(old.upstream, 'lessons/01-one/beside.ts', '// two\n');
  old.commit('the next update');
  old.git(old.clone, 'pull', '--quiet');
  old.move();
  expect(old.read('work/01-one/beside.ts')).toBe('// two\n');
  expect(old.read('work/01-one/app.ts')).toBe(answer('01-one'));
});

it.each([
  ['merge', '--no-rebase'],
  ['rebase', '--rebase'],
])('a %s that waits for the learner is left alone, and its answers move after it', (what, how) => {
  const old = oldClone();
  const theirs = starter('01-one', 2).replace('the hole', 'another hole');
  old.write(old.upstream, 'lessons/01-one/app.ts', theirs);
  old.write(old.upstream, 'lessons/03-three/app.ts', starter('03-three', 2));
  old.commit('the update');
  // This learner commits answers.
  old.git(old.clone, 'add', '-A');
  old.git(old.clone, 'commit', '--quiet', '-m', 'my answers');
  expect(() => old.git(old.clone, 'pull', '--quiet', how)).toThrow();
  const before = old.git(old.clone, 'status', '--porcelain');
  expect(() => old.move()).toThrow(new RegExp(`^A git ${what} is under way.*git ${what} --abort`));
  expect(old.git(old.clone, 'status', '--porcelain')).toBe(before);
  expect(old.read('lessons/03-three/app.ts')).toBe(starter('03-three', 2));
  expect(existsSync(join(old.clone, 'work'))).toBe(false);

  old.git(old.clone, what, '--abort');
  expect(old.move()).toBe('');
  expect(old.read('work/01-one/app.ts')).toBe(answer('01-one'));
});

it('a starter that the learner deleted is back in lessons/', () => {
  const old = oldClone();
  rmSync(join(old.clone, 'lessons/03-three/app.ts'));
  expect(old.move()).toMatch(/answers of lesson 1, 2 are/);
  expect(old.read('lessons/03-three/app.ts')).toBe(starter('03-three', 1));
});

it('a move that was cut short is ended by the next command', () => {
  const old = oldClone();
  // The answer is in work/, and lessons/ still has it.
  old.write(old.clone, 'work/01-one/app.ts', answer('01-one'));
  old.write(old.clone, 'work/01-one/extra.ts', '// mine\n');
  old.move();
  expect(old.read('work/01-one/app.ts')).toBe(answer('01-one'));
  expect(old.read('lessons/01-one/app.ts')).toBe(starter('01-one', 1));
  expect(old.git(old.clone, 'status', '--porcelain', 'lessons')).toBe('');
});

it('an answer in work/ that was changed since is not replaced, nor is another one in lessons/', () => {
  const old = oldClone();
  old.write(old.clone, 'work/01-one/app.ts', '// newer\n');
  old.move();
  expect(old.read('work/01-one/app.ts')).toBe('// newer\n');
  expect(old.read('lessons/01-one/app.ts')).toBe(answer('01-one'));
});

it.each([
  ['a ZIP download', undefined],
  ["a ZIP download in somebody else's repository", 'init'],
])('in %s nothing is removed from lessons/, and the learner goes on with what is there', (_, command) => {
  const old = oldClone();
  rmSync(join(old.clone, '.git'), { recursive: true });
  if (command) {
    old.git(old.clone, command, '--quiet');
    old.git(old.clone, 'commit', '--quiet', '--allow-empty', '-m', 'their own');
  }
  expect(old.move()).toBe('');
  expect(old.read('work/01-one/app.ts')).toBe(answer('01-one'));
  expect(old.read('lessons/03-three/app.ts')).toBe(starter('03-three', 1));
  expect(existsSync(join(old.clone, '.workshop/pristine/01-one/app.ts'))).toBe(true);
});
