import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { removeSync } from '../setup/files.mjs';
import { Backends } from './backends/index.ts';
import { withTable } from './backends/with-table.ts';
import { mustOpen } from './play.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-kit-'));
const backends = new Backends();
afterAll(async () => {
  removeSync(folder);
  await backends.stop();
});

const { signal } = new AbortController();
async function files() {
  const backend = await backends.get('files');
  if ('missing' in backend) throw new Error(backend.missing);
  return backend;
}

/** A store in memory with this set(). */
function moduleWith(name: string, set: string): string {
  const module = join(folder, `${name}.mjs`);
  writeFileSync(
    module,
    `export default ({ MemoryStore }) => Object.assign(new MemoryStore(), { ${set} });\n`,
  );
  return module;
}

it.each([
  ['PostgreSQL', 'set(id, data, done) { done(new Error(\'relation "session" does not exist\')); }'],
  [
    'MariaDB',
    "set(id, data, done) { done(Object.assign(new Error(\"Table 'shop1.s' doesn't exist\"), { code: 'ER_NO_SUCH_TABLE' })); }",
  ],
  ['SQLite', "set() { throw new Error('SQLITE_ERROR: no such table: sessions'); }"],
  [
    'a process that ends by it',
    'set() { setImmediate(() => { throw new Error(\'relation "sessions" does not exist\'); }); }',
  ],
])('a store without its table is refused, with how to give it one: %s', async (name, set) => {
  const opening = mustOpen(moduleWith(name.replaceAll(' ', '-'), set), await files(), signal);
  await expect(opening).rejects.toThrow(/its table is not there[\s\S]+(?:not|n't) exist|no such table/);
  await expect(opening).rejects.toThrow(/--sql table\.sql/);
});

it.each([
  ['works', 'own: true'],
  ['fails by something else', "set(id, data, done) { done(new Error('the disk is full')); }"],
  [
    'makes its table in a moment',
    'calls: 0, set(id, data, done) { done(this.calls++ < 3 ? new Error(\'relation "session" does not exist\') : null); }',
  ],
])('a store that %s is played', async (name, set) => {
  await expect(
    mustOpen(moduleWith(name.replaceAll(' ', '-'), set), await files(), signal),
  ).resolves.toBeUndefined();
});

it('--sql is refused where there is no SQL, and its errors are the database’s own', async () => {
  await expect(withTable(await files(), 'CREATE TABLE s ()').place()).rejects.toThrow(
    '--sql is for PostgreSQL and MariaDB, not for files.',
  );
  const place = {
    url: '',
    isServer: true,
    dump: async () => '',
    schema: async () => [],
    remove: async () => {},
    run: async () => {
      throw Object.assign(new Error('exit code 1'), { stderr: 'ERROR: syntax error at or near "TABEL"\n' });
    },
  };
  const backend = { words: 'PostgreSQL 15', place: async () => place, stop: async () => {} };
  await expect(withTable(backend, 'CREATE TABEL').place()).rejects.toThrow(
    /syntax error at or near "TABEL"$/,
  );
});
