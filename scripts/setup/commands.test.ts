import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { inSources } from '../shared/in-sources.ts';
import { compiledCommands, NotCompiled, workshopAt } from './commands.mjs';
import { NotPrepared } from './prepared.mjs';

const made: string[] = [];
afterEach(() => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true });
  globalThis.workshop = undefined;
});

/** A workshop with one command, one check, and a module that both import. */
function workshop(): string {
  const root = mkdtempSync(join(tmpdir(), 'commands-'));
  made.push(root);
  const files = {
    'package.json': '{ "type": "module" }',
    'node_modules/.package-lock.json': '{}',
    'lessons/shop/cart.ts': 'export const cart: string[] = [];\n',
    'scripts/course/run-command.ts': 'export class Failure extends Error {}\n',
    'scripts/commands/list.ts': [
      "import { Failure } from '../course/run-command.ts';",
      'export const place = { dirname: import.meta.dirname, filename: import.meta.filename, url: import.meta.url };',
      "export const quoted = 'import.meta.url';",
      'export function fail(): never {',
      "  throw new Failure('as asked');",
      '}',
    ].join('\n'),
    'checks/01-a.check.ts': [
      "export { Failure } from '../scripts/course/run-command.ts';",
      "export { cart } from '../lessons/shop/cart.ts';",
    ].join('\n'),
  };
  for (const [name, text] of Object.entries(files)) write(root, name, text);
  return root;
}

function write(root: string, name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

/** Imports a compiled module, as launch.mjs does. */
async function load(root: string, source: string) {
  const own = workshopAt(root, await compiledCommands(root));
  Object.assign(globalThis, { workshop: own });
  return await import(own.compiled(join(root, source)));
}

it('compiles once, and again when a file has changed that a command is made of', async () => {
  const root = workshop();
  const first = await compiledCommands(root);
  expect(await compiledCommands(root)).toBe(first);
  for (const changed of ['scripts/commands/list.ts', 'lessons/shop/cart.ts', 'checks/01-a.check.ts']) {
    write(root, changed, 'export const changed = true;\n');
    const folder = await compiledCommands(root);
    expect(folder).not.toBe(first);
    expect(await load(root, 'checks/01-a.check.ts')).toBeDefined();
  }
  write(root, 'checks/02-b.check.ts', 'export const added = true;\n');
  expect(await load(root, 'checks/02-b.check.ts')).toMatchObject({ added: true });
});

it('leaves out what macOS writes beside files on a stick', async () => {
  const root = workshop();
  write(root, 'scripts/commands/._list.ts', '\0\x05\x16\x07');
  expect(await load(root, 'scripts/commands/list.ts')).toHaveProperty('fail');
});

it('has one of each module, whoever imports it', async () => {
  const root = workshop();
  const check = await load(root, 'checks/01-a.check.ts');
  const list = await load(root, 'scripts/commands/list.ts');
  expect(list.fail).toThrow(check.Failure);
  expect(check.cart).toEqual([]);
});

it('tells a module where its source is', async () => {
  const root = workshop();
  const { place, quoted } = await load(root, 'scripts/commands/list.ts');
  expect(place).toEqual(workshopAt(root, '').placeOf('scripts/commands/list.ts'));
  expect(place.dirname).toBe(join(root, 'scripts', 'commands'));
  expect(quoted).toBe('import.meta.url');
});

it('leads from a stack to the line of the source', async () => {
  const root = workshop();
  const { fail } = await load(root, 'scripts/commands/list.ts');
  let stack = '';
  try {
    fail();
  } catch (error) {
    stack = (error as Error).stack ?? '';
  }
  expect(inSources(stack).replaceAll('\\', '/')).toMatch(/at fail \(.*\/scripts\/commands\/list\.ts:5:9\)/);
});

it('names the place of a mistake in the workshop, and leaves nothing half made', async () => {
  const root = workshop();
  write(root, 'lessons/shop/cart.ts', 'export const cart = [];\nexport const = 1;\n');
  const failed = compiledCommands(root);
  await expect(failed).rejects.toThrow(NotCompiled);
  await expect(failed).rejects.toThrow(
    /lessons\/shop\/cart\.ts:2: .+\n.*git checkout lessons\/shop\/cart\.ts/,
  );
  expect(readdirSync(join(root, 'node_modules', '.cache', 'session-shop'))).toEqual([]);
});

it('says what to do where nothing can be kept', async () => {
  const root = workshop();
  write(root, 'node_modules/.cache', 'a file in the way');
  const failed = compiledCommands(root);
  await expect(failed).rejects.toThrow(NotPrepared);
  await expect(failed).rejects.toThrow(/node_modules.*\n.*delete it, and run the command again/);
});
