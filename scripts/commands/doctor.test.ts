import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workshopCopy } from '../course/fixtures/command-support.ts';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { refusedUri } from '../mongo/refused.ts';

/** No mongod is searched, and npm uses only its cache: no host gets a request. */
const OFFLINE = { WORKSHOP_MONGO: 'embedded', npm_config_offline: 'true' };
const PASSWORD = 'quinoa/tea';
let mongo: EmbeddedMongo;
beforeAll(async () => {
  mongo = await startEmbedded({ users: { ann: PASSWORD } });
});
afterAll(() => mongo.stop());

const uri = (password = encodeURIComponent(PASSWORD)) =>
  `${mongo.uri.replace('//', `//ann:${password}@`)}shop?authSource=admin`;
const finding = {
  id: expect.stringMatching(/^[a-z]+(?:-[a-z]+)*$/),
  subject: expect.any(String),
  verdict: expect.stringMatching(/^(?:good|note|warning|fault)$/),
  words: expect.any(String),
};
const ill = { ...finding, cause: expect.any(String), fix: expect.any(String) };

describe('without a string', () => {
  test('it is the machine that is examined', async () => {
    const { code, out, err } = await workshopCopy().run('doctor', OFFLINE);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/✓ Node[\s\S]+✓ packages[\s\S]+✓ engine[\s\S]+No MONGODB_URI[\s\S]+Fit\./);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('MONGODB_URI is read from .env, and the environment comes first', async () => {
    const shop = workshopCopy();
    shop.write('.env', `MONGODB_URI='${uri('wrong')}'\n`);
    const fromFile = await shop.run('doctor', OFFLINE);
    expect(fromFile.code).toBe(1);
    expect(fromFile.out).toMatch(/from \.env[\s\S]+\[credentials\][\s\S]+fix: [\s\S]+1 to mend\./);
    const fromEnvironment = await shop.run('doctor', { ...OFFLINE, MONGODB_URI: uri() });
    expect(fromEnvironment.out).toContain('from the environment');
    expect(fromEnvironment.code).toBe(0);
  });

  test.each([
    ['MONGO_URI=mongodb://127.0.0.1/shop\n', 'env-name', 0],
    [
      Buffer.from('\ufeffMONGODB_URI=mongodb://127.0.0.1:1/shop\n', 'utf16le').toString('latin1'),
      'env-encoding',
      1,
    ],
  ])('what is wrong with .env as a file is said', async (content, id, code) => {
    const shop = workshopCopy();
    writeFileSync(join(shop.root, '.env'), content, 'latin1');
    const ended = await shop.run('doctor', OFFLINE);
    expect(ended.out).toContain(`[${id}]`);
    expect(ended.code).toBe(code);
  });

  test('a folder in the place of .env is said, and ends with 1', async () => {
    const shop = workshopCopy();
    mkdirSync(join(shop.root, '.env'));
    const { code, out } = await shop.run('doctor', OFFLINE);
    expect(out).toMatch(/✗ \.env +\.env is a folder[\s\S]+\[env-file\]\s+fix: /);
    expect(code).toBe(1);
  });

  test('a # that cuts the string short is seen, and nothing of the string is shown', async () => {
    const shop = workshopCopy();
    shop.write('.env', 'MONGODB_URI=mongodb://ann:1234#secret@127.0.0.1/shop\n');
    const { code, out } = await shop.run('doctor', OFFLINE);
    expect(code).toBe(1);
    expect(out).toContain('[env-comment]');
    expect(out).not.toMatch(/1234|secret/);
  });
});

describe('with a string', () => {
  test('that is sound, it ends with 0, and a password is never shown', async () => {
    const { code, out, err } = await workshopCopy().run(`doctor ${uri()}`, OFFLINE);
    expect(code).toBe(0);
    // Announces what it writes, and removes again.
    expect(err).toMatch(/^\s+Storing one document, doctor-\S+, in [\s\S]+, and removing it\.\s+$/);
    expect(out).toContain('mongodb://ann:••••@127.0.0.1');
    expect(out).toMatch(/This machine\n {2}✓ fit/);
    expect(out).not.toMatch(/quinoa/);
  });

  test('that leads nowhere, it ends with 1, soon', async () => {
    const refused = await refusedUri();
    const { code, out } = await workshopCopy().run(`doctor ${refused.uri}shop`, OFFLINE);
    await refused.release();
    expect(code).toBe(1);
    expect(out).toMatch(/✗ TCP +127\.0\.0\.1:\d+ refuses connections \(ECONNREFUSED\)\s+\[host-away\]/);
  });

  test('and another word it is told to quote it, without repeating it', async () => {
    const { code, out, err } = await workshopCopy().run(`doctor ${uri('quinoa')} majority`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^npm run doctor takes one connection string, and was given 2 words\..*quotes/);
    expect(err).not.toContain('quinoa');
  });
});

test('--look writes nothing, and both flags are one too many', async () => {
  const shop = workshopCopy();
  const { code, out, err } = await shop.run(`doctor ${uri()} --look`, OFFLINE);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/only looked\s+at/);
  expect(await shop.run(`doctor ${uri()} --look --write`)).toMatchObject({ code: 2, out: '' });
});

describe('with an error text', () => {
  test('that is known, its cause and its fix are said, and nothing of the text', async () => {
    const { code, out, err } = await workshopCopy().run(
      `doctor MongoServerError: bad auth : authentication failed for quinoa`,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /credentials\s+message +bad auth : authentication failed\s+cause [\s\S]+fix [\s\S]+lesson +5/,
    );
    expect(out).not.toContain('quinoa');
  });

  test('that is not known, that is said, and it ends with 1', async () => {
    const { code, out, err } = await workshopCopy().run('doctor SomeError: the moon is in the way');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/^\s+This message is not known\./);
  });

  test('on stdin, with -, as one JSON document', async () => {
    const shop = workshopCopy();
    const child = spawn(process.execPath, ['scripts/launch.mjs', 'doctor', '-', '--json'], {
      cwd: shop.root,
    });
    child.stdin.end('TypeError: Cannot set headers after they are sent to the client\n    at app.js:3:1\n');
    const out = await text(child.stdout);
    expect(JSON.parse(out)).toMatchObject({ schema: 1, known: true, problems: [{ id: 'headers-sent' }] });
  });
});

describe('--json prints one document', () => {
  test('of a machine and a string', async () => {
    const { code, out, err } = await workshopCopy().run(`doctor ${uri('p@quinoa')} --json`, OFFLINE);
    const { machine, connection, ...rest } = JSON.parse(out);
    expect({ code, err, rest }).toEqual({ code: 1, err: '', rest: { schema: 1, faults: 1 } });
    for (const each of machine) expect(each).toEqual(each.fix ? ill : finding);
    expect(connection).toEqual({
      uri: expect.stringContaining('mongodb://ann:••••@127.0.0.1'),
      from: 'the command line',
      findings: [
        { ...finding, id: 'form' },
        { ...ill, id: 'password', verdict: 'fault' },
      ].slice(1),
    });
    expect(out).not.toContain('quinoa');
  });

  test('npm run -s doctor --json, and no string', async () => {
    const { out } = await workshopCopy().run('doctor', { ...OFFLINE, npm_config_json: 'true' });
    expect(JSON.parse(out)).toMatchObject({ schema: 1, faults: 0, connection: null });
  });
});
