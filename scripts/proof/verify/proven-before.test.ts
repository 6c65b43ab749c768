import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tinyWorkshop } from '../../course/fixtures/test-support.ts';
import { findLessons } from '../../course/lessons.ts';
import { gradingProofs, type Proof } from './proofs.ts';
import { unprovenOf } from './proven-before.ts';

const HERE = { WORKSHOP_MONGO: 'embedded' };

/** A workshop whose proofs all passed, and how many of them must run now. */
async function proven(green: (proofs: readonly Proof[]) => readonly Proof[] = (proofs) => proofs) {
  const tiny = tinyWorkshop();
  const left = async (env: NodeJS.ProcessEnv = HERE) => {
    const proofs = await gradingProofs(tiny.root);
    return { proofs, ...(await unprovenOf(proofs, findLessons(tiny.root), tiny.root, env)) };
  };
  const { proofs, keep } = await left();
  keep(proofs, green(proofs));
  return { tiny, left, all: proofs.length };
}

it('leaves out what was green with the very same files, and nothing else', async () => {
  const { left, all } = await proven();
  expect(await left()).toMatchObject({ open: [], left: all });
  const { left: leftOfAllButOne } = await proven((proofs) => proofs.slice(1));
  const { open } = await leftOfAllButOne();
  expect(open.map(({ name }) => name)).toEqual(["lesson 1: the starter fails in the check's own words"]);
});

it.each([
  ['the starter', 'lessons/01-hello/app.ts'],
  ['the solution', 'solutions/01-hello/app.ts'],
  ['the check', 'checks/01-hello.check.ts'],
  ['a recorded answer', 'checks/answers/01-hello/answers.ts'],
  ['the engine', 'scripts/engine/another.ts'],
  ['what checks share', 'checks/support/another.ts'],
  ['a package', 'package-lock.json'],
])('runs all of them again when a file of %s changes', async (_what, file) => {
  const { tiny, left, all } = await proven();
  tiny.write(file, `${existsSync(tiny.path(file)) ? tiny.read(file) : ''}\n`);
  expect((await left()).open).toHaveLength(all);
});

it('is no help on a build server, on another engine, and for a proof that has failed since', async () => {
  const { left, all } = await proven();
  expect((await left({ ...HERE, CI: 'true' })).open).toHaveLength(all);
  expect((await left({ ...HERE, WORKSHOP_MONGO: 'mongod' })).open).toHaveLength(all);
  const { proofs, keep } = await left();
  keep(proofs, []);
  expect((await left()).open).toHaveLength(all);
});
