import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { tinyWorkshop } from '../course/fixtures/test-support.ts';
import { findError } from './check/learner-error.ts';
import { compile } from './compile.ts';
import { ShopDown } from './shop-process/shop-down.ts';

/** Compiles an app.ts and imports the result. */
async function compiled(text: string, others: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const tiny = tinyWorkshop();
  tiny.write('app.ts', text);
  for (const [name, other] of Object.entries(others)) tiny.write(name, other);
  const module = await compile(tiny.path('app.ts'), tiny.path('out/app.mjs'));
  return (await import(/* @vite-ignore */ pathToFileURL(module).href)) as Record<string, unknown>;
}

async function refused(text: string, others: Record<string, string> = {}): Promise<ShopDown> {
  const error = await compiled(text, others).catch((thrown: unknown) => thrown);
  if (!(error instanceof ShopDown)) throw new Error('it compiled');
  return error;
}

it('makes a module of a file and of what it imports by path, and leaves packages alone', async () => {
  const { name, session } = await compiled(
    `import session from 'express-session';
import { shout } from './shout.ts';
import { greeting } from '#shop/greeting.ts';
export const name: string = shout(greeting('Ann'));
export { session };
`,
    { 'shout.ts': 'export const shout = (text: string): string => text.toUpperCase();\n' },
  );
  expect(name).toBe('HELLO, ANN!');
  expect(session).toBe((await import('express-session')).default);
});

it('leaves import.meta of each file where the file is', async () => {
  const { here, there } = await compiled(
    `export { place as there } from './deep/place.ts';
export const here = [import.meta.filename, import.meta.dirname, import.meta.url];
`,
    {
      'deep/place.ts': 'export const place = [import.meta.filename, import.meta.dirname, import.meta.url];\n',
    },
  );
  expect(here).toEqual([
    expect.stringMatching(/test-\w+[\\/]app\.ts$/),
    expect.stringMatching(/test-\w+$/),
    expect.stringMatching(/^file:.*test-\w+\/app\.ts$/),
  ]);
  expect(there).toEqual([
    expect.stringMatching(/[\\/]deep[\\/]place\.ts$/),
    expect.stringMatching(/[\\/]deep$/),
    expect.stringMatching(/^file:.*\/deep\/place\.ts$/),
  ]);
});

it.each([
  ['is not TypeScript', 'const a = 1;\nconst = 2;\n', ':2:6: ERROR: Expected identifier but found "="'],
  [
    'imports a file that is not there',
    "\nimport './gone.ts';\n",
    ':2:7: ERROR: Could not resolve "./gone.ts"',
  ],
  [
    'imports a name that the file does not export',
    "import { farewell } from '#shop/greeting.ts';\nfarewell();\n",
    ':1:9: ERROR: No matching export in "greeting.ts" for import "farewell"',
  ],
  [
    'hands on a name that the file does not export',
    "export { farewell } from '#shop/greeting.ts';\n",
    ':1:9: ERROR: No matching export in "greeting.ts" for import "farewell"',
  ],
  [
    'imports from a file that exports nothing',
    "import { sail } from './empty.ts';\nsail();\n",
    ':1:9: ERROR: No matching export in "empty.ts" for import "sail"',
  ],
])('refuses what %s, and tells the place', async (_, text, words) => {
  const { kind, output } = await refused(text, { 'empty.ts': '' });
  expect(kind).toBe('unloaded');
  expect(output).toMatch(/test-\w+[\\/]app\.ts:/);
  expect(output).toContain(words);
});

it('tells every error', async () => {
  const { message, output } = await refused("import './a.ts';\nimport './b.ts';\n");
  expect(output.split('\n')).toEqual([
    expect.stringContaining('"./a.ts"'),
    expect.stringContaining('"./b.ts"'),
  ]);
  expect(message).toContain('"./a.ts"');
});

it('refuses a file by other capital letters on every system, as the server will that the shop moves to', async () => {
  const others = { 'store.ts': 'export const store = 1;\n' };
  const { output } = await refused("\nimport { store } from './Store.ts';\nexport { store };\n", others);
  expect(output).toMatch(
    /app\.ts:2:\d+: ERROR: Could not resolve "Store\.ts": it is called "store\.ts", and capital letters count$/,
  );
});

// macOS returns names with the two dots as a separate character (NFD).
it.each(['100% Jürgen #1', 'Jürgen Ωμέγα'.normalize('NFD')])(
  'names the line of the TypeScript, also in the folder %s',
  async (folder) => {
    const tiny = tinyWorkshop();
    const app = "type A = {\n  a: string;\n};\nexport function boom(): A {\n  throw new Error('boom');\n}\n";
    tiny.write(`${folder}/app.ts`, app);
    const dir = tiny.path(folder);
    const module = await compile(join(dir, 'app.ts'), tiny.path('out.mjs'));
    const script = `import(${JSON.stringify(pathToFileURL(module).href)}).then(({ boom }) => boom())`;
    const { stderr } = spawnSync(process.execPath, ['--enable-source-maps', '-e', script], {
      encoding: 'utf8',
    });
    expect(findError(stderr, dir)).toMatchObject({ message: 'Error: boom', file: 'app.ts', line: 5 });
  },
);

/** How many processes of esbuild this process has. */
function esbuilds(): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      const [name = '', parent] =
        /\((.+)\) \w (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.slice(1) ?? [];
      return name === 'esbuild' && Number(parent) === process.pid;
    } catch {
      return false;
    }
  }).length;
}

it.skipIf(process.platform !== 'linux')(
  'lets esbuild go when nothing was compiled for a while, and starts it again',
  async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await compiled('export const a = 1;\n');
    expect(esbuilds()).toBe(1);
    vi.advanceTimersByTime(29_000);
    await compiled('export const a = 2;\n');
    vi.advanceTimersByTime(29_000);
    expect(esbuilds()).toBe(1);
    vi.advanceTimersByTime(2000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(esbuilds()).toBe(0));
    expect((await compiled('export const a = 3;\n')).a).toBe(3);
  },
);
