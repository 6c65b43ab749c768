import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bareMachine, startMirror } from '../mongo/mirror-support.ts';
import { examineEngine } from './engine.ts';
import type { Finding } from './finding.ts';
import { examineMachine, favouritePort } from './machine.ts';

// The doctor waits in these tests, and the machine may be busy.
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  writeFileSync(join(root, 'package.json'), '{}\n');
  vi.stubEnv('npm_config_offline', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});
const named = (findings: readonly Finding[], id: string) => findings.find((finding) => finding.id === id);

/** A folder whose lock file asks for one package, which is installed. */
function install(): void {
  const packages = { '': { dependencies: { tea: '1.0.0' } }, 'node_modules/tea': { version: '1.0.0' } };
  mkdirSync(join(root, 'node_modules', 'tea'), { recursive: true });
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
  writeFileSync(join(root, 'node_modules', 'tea', 'package.json'), '{}');
}
const EMBEDDED = { WORKSHOP_MONGO: 'embedded' };
const embedded = () => vi.stubEnv('WORKSHOP_MONGO', 'embedded');

describe('a machine', () => {
  test('in good health has every line and no fault', async () => {
    embedded();
    install();
    const findings = await examineMachine(root, EMBEDDED);
    expect(findings.map(({ id }) => id)).toEqual(
      'node system packages write-access disk start port engine clock proxy git registry redis'.split(' '),
    );
    expect(findings.filter(({ verdict }) => verdict === 'fault')).toEqual([]);
    expect(named(findings, 'engine')?.words).toMatch(/^embedded \d+\.\d+\.\d+ answers after \d+ ms$/);
  });

  test('with a package missing, or one deleted by hand', async () => {
    embedded();
    install();
    rmSync(join(root, 'node_modules', 'tea'), { recursive: true });
    expect(named(await examineMachine(root, EMBEDDED), 'packages')).toMatchObject({
      verdict: 'fault',
      words: '1 missing or of another version, such as tea',
      fix: expect.stringContaining('npm ci'),
    });
    rmSync(join(root, 'node_modules'), { recursive: true });
    expect(named(await examineMachine(root, EMBEDDED), 'packages')).toMatchObject({ verdict: 'fault' });
  });

  test('where nothing can be written', async () => {
    embedded();
    writeFileSync(join(root, '.workshop'), 'a file of mine');
    const findings = await examineMachine(root, EMBEDDED);
    expect(named(findings, 'write-access')).toMatchObject({
      verdict: 'fault',
      words: expect.stringMatching(/E\w+/),
    });
    expect(named(findings, 'disk')).toBeUndefined();
  });

  test('with proxies: their names and hosts, and no passwords', async () => {
    embedded();
    const env = { ...EMBEDDED, HTTPS_PROXY: 'http://ann:secret@proxy.example:8080', http_proxy: '' };
    const proxy = named(await examineMachine(root, env), 'proxy');
    expect(proxy).toMatchObject({
      verdict: 'note',
      words: expect.stringMatching(/^HTTPS_PROXY \(proxy\.example:8080\): /),
    });
    expect(proxy?.words).not.toContain('secret');
    const wrong = await examineMachine(root, { ...EMBEDDED, HTTP_PROXY: 'proxy.example:8080' });
    expect(named(wrong, 'proxy')).toMatchObject({ verdict: 'warning', words: 'HTTP_PROXY is no URL' });
  });

  test('whose favourite port is taken still has another', async () => {
    const taken = createServer().listen(0);
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const found = await favouritePort(port);
    taken.close();
    const words = new RegExp(`^${port} is taken: the shop takes another, such as (?!${port}$)\\d+$`);
    expect(found).toMatchObject({ verdict: 'note', words: expect.stringMatching(words) });
  });
});

describe('the engine', () => {
  const bare = (mirror: string) => {
    for (const [name, value] of Object.entries(bareMachine(root, mirror))) vi.stubEnv(name, value);
    return process.env;
  };

  test('an unknown one is a fault', async () => {
    vi.stubEnv('WORKSHOP_MONGO', 'nonsense');
    expect(await examineEngine(root, process.env)).toContainEqual(
      expect.objectContaining({ id: 'engine', verdict: 'fault', words: expect.stringContaining('nonsense') }),
    );
  });

  test('without a mongod is the embedded one; it is said whether one could be downloaded, and none is', async () => {
    const mirror = await startMirror(Buffer.alloc(2_000_000));
    const there = await examineEngine(root, bare(mirror.url));
    expect(there).toMatchObject([
      { id: 'engine', verdict: 'good', words: expect.stringMatching(/^embedded/) },
      {
        id: 'download',
        verdict: 'note',
        words: expect.stringMatching(/can be had from 127\.0\.0\.1:\d+ \(2 MB\)$/),
      },
    ]);
    expect(mirror.asked).toEqual(['HEAD tgz']);
    await mirror.stop();
    const away = await examineEngine(root, process.env);
    expect(named(away, 'download')).toMatchObject({
      verdict: 'note',
      words: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)/),
    });
  });

  test('mongod that is asked for and not there is a warning', async () => {
    bare('http://127.0.0.1:1');
    vi.stubEnv('WORKSHOP_MONGO', 'mongod');
    vi.stubEnv('MONGOMS_RUNTIME_DOWNLOAD', 'false');
    const findings = await examineEngine(root, process.env);
    expect(findings).toMatchObject([
      { id: 'engine', verdict: 'warning', fix: expect.stringMatching(/npm run mongod/) },
      { id: 'download', words: expect.stringMatching(/forbids/) },
    ]);
  });

  test('a mongod that does not start is a fault, in its own words', async () => {
    vi.stubEnv('MONGOMS_SYSTEM_BINARY', join(root, 'no-mongod'));
    vi.stubEnv('WORKSHOP_MONGO', 'mongod');
    const findings = await examineEngine(root, process.env);
    expect(findings).toMatchObject([
      { id: 'engine', verdict: 'fault', words: expect.stringMatching(/no-mongod/) },
    ]);
  });
});
