import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeSync } from '../../setup/files.mjs';
import { ROOT } from '../../shared/paths.ts';
import { Backends } from '../backends/index.ts';
import { BEHAVIOURS, SCENARIOS } from '../behaviours/index.ts';
import { compiledStore } from '../fixtures/compiled.ts';
import { Control } from './control.ts';
import { runAgain, runScenarios } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-kit-'));
const store = await compiledStore('bad-store');
const backends = new Backends();
const control = Control.start();
afterAll(async () => {
  await (await control).stop();
  removeSync(folder);
  store.remove();
  await backends.stop();
});

const SHORT = { call: 3000, outage: 2500, recovery: 3000 };
const LONG = { call: 10_000, outage: 13_000, recovery: 20_000 };

/** A module that opens a store, for one test. */
function moduleWith(name: string, text: string): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return file;
}

async function cellsOf(
  module: string,
  backendName: 'memory' | 'mongo',
  ids: readonly string[],
  limits = SHORT,
) {
  const backend = await backends.get(backendName);
  if ('missing' in backend) throw new Error(backend.missing);
  const scenarios = SCENARIOS.filter(({ behaviours }) => behaviours.some(({ id }) => ids.includes(id)));
  const running = { module, backend, limits, control: await control };
  const cells = await runScenarios(scenarios, { ...running, atATime: 12 });
  return runAgain(scenarios, cells, running, 60_000);
}

const all = BEHAVIOURS.map(({ id }) => id);
const needsServer = new Set([
  'sliding-closing',
  'cost',
  'plain-ids',
  ...all.filter((id) => /^(?:start|lost|silent|told|discreet|cut)/.test(id)),
]);

it('each behaviour has an ID, a column, a question and a trap of its own', () => {
  for (const key of ['id', 'title', 'question', 'trap'] as const) {
    const values = BEHAVIOURS.map((behaviour) => behaviour[key]);
    if (key !== 'trap') expect(new Set(values).size, key).toBe(values.length);
    expect(values.every(Boolean)).toBe(true);
  }
});

describe.concurrent('a behaviour that cannot be failed is no behaviour', () => {
  it.each(all)('%s is failed by a bad store', async (id) => {
    const module = moduleWith(
      id,
      `import { openBadStore } from ${JSON.stringify(store.url)};\nexport default ({ url }) => openBadStore(${JSON.stringify(id)}, url);\n`,
    );
    const cells = await cellsOf(module, needsServer.has(id) ? 'mongo' : 'memory', [id]);
    expect(cells[id]).toMatchObject({ verdict: 'bad', evidence: expect.stringMatching(/\w/) });
  });

  it('the store of 60 lines does all that an app depends on', async () => {
    const cells = await cellsOf(join(ROOT, 'lessons/reference/own-store.ts'), 'mongo', all, LONG);
    expect(Object.keys(cells).sort()).toEqual([...all].sort());
    const failed = BEHAVIOURS.filter(({ id }) => cells[id]?.verdict !== 'ok');
    // It omits these, except lost-login, which express-session causes with every store.
    expect(failed.map(({ id }) => id)).toEqual(['lost-login', 'holds', 'all', 'length', 'clear']);
    expect(failed.filter(({ must }) => must)).toEqual([]);
  });
});

describe.concurrent('a store cannot take the kit with it', () => {
  const opened = (text: string) =>
    `export default ({ MemoryStore }) => { const store = new MemoryStore(); ${text}; return store; };\n`;
  it.each([
    ['loops', opened('store.get = () => { for (;;); }'), { short: 'process is stuck' }],
    ['exits', opened('store.get = () => process.exit(0)'), { short: 'process ends' }],
    [
      'throws later',
      opened('store.get = () => setImmediate(() => { throw new TypeError("later"); })'),
      { short: 'process ends', evidence: expect.stringContaining('TypeError: later') },
    ],
    [
      'throws',
      opened('store.get = () => { throw new TypeError("now"); }'),
      { evidence: expect.stringContaining('throws TypeError: now') },
    ],
    [
      'never calls back',
      opened('store.get = () => {}'),
      { evidence: expect.stringContaining('no callback in 3.0 s') },
    ],
    [
      'answers in our place',
      opened('process.send?.({ id: 1, value: { callbacks: 1, args: "" } }); store.get = () => {}'),
      { verdict: 'bad' },
    ],
    [
      'is none',
      'export default () => ({ get() {} });\n',
      { evidence: expect.stringContaining('an object with get, set and destroy') },
    ],
    [
      'is no module',
      'export const nothing = 1;\n',
      { evidence: expect.stringContaining('no default export') },
    ],
    [
      'does not load',
      'import "no-such-package";\n',
      { evidence: expect.stringContaining('no-such-package') },
    ],
    ['opens never', 'export default () => new Promise(() => {});\n', { verdict: 'bad' }],
  ])('one that %s', async (name, text, cell) => {
    const cells = await cellsOf(moduleWith(name.replaceAll(' ', '-'), text), 'memory', ['unknown']);
    expect(cells.unknown).toMatchObject({ verdict: 'bad', ...cell });
  });
});
