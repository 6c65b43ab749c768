import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { removeSync } from '../../setup/files.mjs';
import { Backends } from '../backends/index.ts';
import { SCENARIOS } from '../behaviours/index.ts';
import { compiledStore } from '../fixtures/compiled.ts';
import { Control } from './control.ts';
import { runAgain, runScenarios } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-kit-'));
const store = await compiledStore('seeming-store');
const backends = new Backends();
const control = Control.start();
afterAll(async () => {
  await (await control).stop();
  removeSync(folder);
  store.remove();
  await backends.stop();
});

/** The cell of one behaviour, for a store of fixtures/seeming-store.ts. */
async function cellOf(name: string, on: 'memory' | 'files' | 'mongo', behaviour: string) {
  const module = join(folder, `${name.replaceAll(/\W/g, '-')}.mjs`);
  writeFileSync(
    module,
    `import { openSeemingStore } from ${JSON.stringify(store.url)};\nexport default ({ url }) => openSeemingStore(${JSON.stringify(name)}, url);\n`,
  );
  const backend = await backends.get(on);
  if ('missing' in backend) throw new Error(backend.missing);
  const scenarios = SCENARIOS.filter(({ behaviours }) => behaviours.some(({ id }) => id === behaviour));
  const limits = { call: 10_000, outage: 3000, recovery: 3000 };
  const running = { module, backend, limits, control: await control };
  const cells = await runScenarios(scenarios, { ...running, atATime: 1 });
  return (await runAgain(scenarios, cells, running, 60_000))[behaviour];
}

describe.concurrent('a store that is easily taken for another', () => {
  it.each([
    ['shallow copy', 'memory', 'copies', 'bad', 'shallow copy'],
    ['lists IDs', 'memory', 'all', 'bad', 'no sessions'],
    ['clears one', 'memory', 'clear', 'bad', 'not all gone'],
    ['length throws', 'memory', 'length', 'bad', 'fails'],
    ['drops brief ones', 'memory', 'brief', 'bad', 'never there'],
    ['empty file', 'files', 'plain-ids', 'untested', 'not seen'],
    ['writes nowhere', 'files', 'start-back', 'bad', 'only in memory'],
    ['names by hex', 'files', 'plain-ids', 'ok', 'not plain'],
    ['log', 'files', 'sweeps', 'ok', 'a timer'],
    ['sweeps by saving', 'files', 'sweeps', 'ok', 'the next save'],
    ['cuts what is not ASCII', 'memory', 'data', 'bad', 'get() fails'],
    ['sweeps at its start', 'files', 'sweeps', 'ok', 'the next start'],
    ['clock of its own', 'memory', 'closing', 'untested', 'not visible'],
    ['an hour', 'memory', 'sliding-closing', 'ok', 'yes'],
    ['ends by an error', 'memory', 'closes', 'bad', 'ends by an error'],
    ['log', 'files', 'sliding-closing', 'ok', 'yes'],
    ['destroys the last', 'memory', 'destroys', 'bad', 'another is gone'],
    ['looks and writes', 'memory', 'destroys', 'bad', 'is back'],
    ['destroys with an error', 'memory', 'destroys', 'bad', 'gone, with an error'],
    ['a timer each', 'memory', 'month', 'bad', 'not there'],
    ['plain cookie', 'memory', 'copies', 'bad', 'set() changes it'],
    ['drops the database', 'mongo', 'clear', 'bad', 'takes other data'],
    ['counts saves', 'memory', 'length', 'bad', '3 of 2'],
    ['hides what has ended', 'memory', 'sweeps', 'untested', 'not visible'],
    ['sweeps unseen', 'memory', 'sweeps', 'ok', 'a timer'],
    ['an end for nobody', 'files', 'closing', 'bad', 'for ever'],
    ['a database sweeps', 'files', 'closing', 'untested', 'not visible'],
    ['a database sweeps', 'files', 'sweeps', 'untested', 'not visible'],
    ['its process sweeps', 'memory', 'closing', 'ok', 'to a sweep'],
    ['an hour, whatever the cookie says', 'files', 'month', 'bad', expect.stringMatching(/^ends in \d/)],
    ['an hour by an index', 'mongo', 'month', 'bad', 'ends in 60.0 min'],
    ['an hour by an index', 'mongo', 'closing', 'ok', '60.0 min'],
    ['an hour by an index', 'mongo', 'sweeps', 'ok', 'TTL index'],
    ['an index for nobody', 'mongo', 'sweeps', 'bad', 'none seen'],
    ['writes later', 'files', 'destroys', 'bad', 'still there'],
    ['writes later', 'files', 'closing', 'bad', 'for ever'],
    ['writes later', 'files', 'lost-login', 'ok', '200, and saved'],
    ['logout fails', 'memory', 'slow-look', 'untested', 'no logout'],
    ['locks its file', 'files', 'closing', 'bad', 'for ever'],
    ['locks its file', 'files', 'restart', 'ok', 'kept'],
    ['locks its file', 'files', 'lost-set', 'ok', 'done all the same'],
    ['locks its file', 'files', 'lost-destroy', 'ok', 'done all the same'],
  ] as const)('%s', async (name, on, behaviour, verdict, short) => {
    expect(await cellOf(name, on, behaviour)).toMatchObject({ verdict, short });
  });

  it('one that goes on: the method that may end it is named', async () => {
    const cell = await cellOf('another word for close', 'memory', 'closes');
    expect(cell).toMatchObject({ verdict: 'bad', short: 'no close' });
    expect(cell?.evidence).toContain('The store has stopSweeping().');
  });

  it('one that has only promises: it is said that a callback is waited for', async () => {
    const cell = await cellOf('only promises', 'memory', 'unknown');
    expect(cell?.evidence).toContain(
      'only a promise that was fulfilled: express-session waits for the callback',
    );
  });

  it('one that returns a promise whose rejection it handles: only the error is told', async () => {
    const cell = await cellOf('rejects what is handled', 'memory', 'unknown');
    expect(cell?.evidence).toMatch(/^get: \(Error: of the callback\) after [\d.]+ s$/);
  });

  it('one that calls back an error and rejects as well: both are told', async () => {
    const cell = await cellOf('rejects, too', 'memory', 'unknown');
    expect(cell?.evidence).toMatch(/of the callback.+of the promise, which would end the process/);
  });
});
