import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { removeSync } from '../setup/files.mjs';
import { Backends } from './backends/index.ts';
import { withTable } from './backends/with-table.ts';
import { mustOpen } from './must-open.ts';

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

it.concurrent.each([
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

it.concurrent.each([
  [
    'an error',
    "set(id, data, done) { done(new Error('the disk is full')); }",
    /set: \(Error: the disk is full\)/,
  ],
  ['nothing', 'set(id, data, done) { done(); }', /set: \(\) .+; get: \(null, undefined\)/],
  ['a promise alone', 'async set() {}', /only a promise that was fulfilled/],
])('a store that saves nothing is refused, with what it said: %s', async (name, set, words) => {
  const opening = mustOpen(moduleWith(name.replaceAll(' ', '-'), set), await files(), signal);
  await expect(opening).rejects.toThrow(/gives no session back[\s\S]+--backend/);
  await expect(opening).rejects.toThrow(words);
});

it.concurrent.each([
  ['works', 'own: true'],
  [
    'makes its table in a moment',
    `calls: 0, set(...args) {
      if (this.calls++ < 3) args[2](new Error('relation "session" does not exist'));
      else MemoryStore.prototype.set.apply(this, args);
    }`,
  ],
])('a store that %s is played', async (name, set) => {
  await expect(
    mustOpen(moduleWith(name.replaceAll(' ', '-'), set), await files(), signal),
  ).resolves.toBeUndefined();
});

it.concurrent('a store that keeps its sessions in a place of its own is refused', async () => {
  const file = JSON.stringify(join(folder, 'of-its-own.json'));
  const module = join(folder, 'elsewhere.mjs');
  writeFileSync(
    module,
    `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
    export default ({ MemoryStore }) => {
      const store = new MemoryStore();
      if (existsSync(${file})) store.sessions = JSON.parse(readFileSync(${file}, 'utf8'));
      return Object.assign(store, {
        set(...args) {
          MemoryStore.prototype.set.apply(this, args);
          writeFileSync(${file}, JSON.stringify(this.sessions));
        },
      });
    };\n`,
  );
  await expect(mustOpen(module, await files(), signal)).rejects.toThrow(/was there in another, empty one/);
});

it.concurrent('a class whose methods are fields is made, and an object that is no Store of express-session is refused', async () => {
  const [fields, plain] = [join(folder, 'fields.mjs'), join(folder, 'plain.mjs')];
  const methods = (is: string, between: string) =>
    `get ${is} (id, done) => done(null, all[id])${between} set ${is} (id, data, done) => { all[id] = data; done(); }${between} destroy ${is} (id, done) => done()`;
  writeFileSync(
    fields,
    `import { EventEmitter } from 'node:events';
    const all = {};
    export default class extends EventEmitter { ${methods('=', ';')}; createSession() {} }\n`,
  );
  writeFileSync(plain, `const all = {};\nexport default { ${methods(':', ',')} };\n`);
  await expect(mustOpen(fields, await files(), signal)).resolves.toBeUndefined();
  await expect(mustOpen(plain, await files(), signal)).rejects.toThrow(
    /has no on\(\) and no createSession\(\)/,
  );
});

it.concurrent('--sql is refused where there is no SQL, and its errors are the database’s own', async () => {
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
