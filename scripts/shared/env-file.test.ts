import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readEnvFile } from './env-file.ts';
import { remarksOnEnvFile, shopEnvironment } from './environment.ts';

function folder(files: Record<string, string | Buffer> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'workshop-env-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, name), content);
  return root;
}
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const URI = 'mongodb://127.0.0.1/shop';
const remarks = (root: string, env: NodeJS.ProcessEnv = {}) =>
  remarksOnEnvFile(root, env).map(({ kind, words }) => [kind, words]);

test.each<[string, string | Buffer, string]>([
  ['UTF-8', `MONGODB_URI=${URI}\r\n`, 'UTF-8'],
  ['UTF-8 with a byte order mark', `\ufeffMONGODB_URI=${URI}\n`, 'UTF-8 with a byte order mark'],
  ['UTF-16 LE, as Windows PowerShell writes it', utf16(`\ufeffMONGODB_URI=${URI}\r\n`), 'UTF-16'],
  ['UTF-16 BE', utf16(`\ufeffMONGODB_URI=${URI}\n`).swap16(), 'UTF-16'],
  ['UTF-16 LE without a mark', utf16(`MONGODB_URI=${URI}\n`), 'UTF-16'],
  ['UTF-16 BE without a mark', utf16(`MONGODB_URI=${URI}\n`).swap16(), 'UTF-16'],
])('%s is read', (_, content, encoding) => {
  const root = folder({ '.env': content });
  expect(readEnvFile(root)).toMatchObject({ values: { MONGODB_URI: URI }, encoding });
  expect(shopEnvironment(root).MONGODB_URI).toBe(process.env.MONGODB_URI ?? URI);
  const other = encoding !== 'UTF-8';
  expect(remarks(root)).toEqual(other ? [['encoding', expect.stringContaining(encoding)]] : []);
});

test.each(['a line without a sign', 'B: 2', 'export'])('%j before it does not hide a variable', (line) => {
  const { values } = readEnvFile(folder({ '.env': `A=1\n${line}\nexport MONGODB_URI=${URI}\n` })) ?? {};
  expect(values).toEqual({ A: '1', MONGODB_URI: URI });
});

test('a value of several lines stays whole', () => {
  expect(readEnvFile(folder({ '.env': 'A="x\ny"\nB=1\n' }))?.values).toEqual({ A: 'x\ny', B: '1' });
});

test('an empty file, and none', () => {
  expect(readEnvFile(folder({ '.env': '' }))?.values).toEqual({});
  expect(readEnvFile(folder())).toBeUndefined();
  expect(remarks(folder())).toEqual([]);
});

test('a folder in its place is named, with the way out', () => {
  const root = folder();
  mkdirSync(join(root, '.env'));
  expect(() => shopEnvironment(root)).toThrow(/^\.env is a folder.*Remove it/);
});

test.each([
  [`MONGO_URI=${URI}`, '.env sets MONGO_URI, and the shop reads MONGODB_URI'],
  [`mongodb_uri=${URI}`, '.env sets mongodb_uri, and the shop reads MONGODB_URI'],
  [`DATABASE_URL=${URI}`, '.env sets DATABASE_URL, and the shop reads MONGODB_URI'],
  [`MONGODB_URI: ${URI}`, '.env has MONGODB_URI with a colon'],
  [`MONGODB_URI: ${URI}?w=majority`, '.env has MONGODB_URI with a colon'],
  [`{ "A": 1,\n  "MONGODB_URI": "${URI}" }`, '.env has MONGODB_URI with a colon'],
  [`set MONGODB_URI=${URI}`, 'a line of .env sets MONGODB_URI as a shell does'],
  [`$env:MONGODB_URI="${URI}"`, 'a line of .env sets MONGODB_URI as a shell does'],
])('%s is passed over, and said', (line, words) => {
  const root = folder({ '.env': `${line}\n` });
  expect(remarks(root)).toEqual([['name', words]]);
  // A variable in the environment is not missing.
  expect(remarks(root, { MONGODB_URI: URI })).toEqual([]);
});

test.each(['.env.txt', 'env.txt', 'env', '.env.local'])('%s is not read, and said', (name) => {
  const root = folder({ [name]: `MONGODB_URI=${URI}\n` });
  expect(remarks(root)).toEqual([['place', `there is no .env; there is "${name}", which is not read`]]);
});

test('what is commented out is meant so', () => {
  expect(remarks(folder({ '.env': `#MONGODB_URI=${URI}\nSESSION_SECRET=x\n` }))).toEqual([]);
});
