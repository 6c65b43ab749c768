import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tinyWorkshop } from '../../course/fixtures/test-support.ts';
import { flakeTable, type Grading, gradeAgain } from './flake.ts';

const SOLUTION = 'solutions/01-hello/app.ts';

it('grades each solution as often as it is told, and keeps what fails in full', async () => {
  const tiny = tinyWorkshop();
  const gradings: Grading[] = [];
  const hear = (grading: Grading) => {
    gradings.push(grading);
    if (gradings.length === 2) tiny.edit(SOLUTION, 'res.send(', 'res.send("Hm. " + ');
  };
  await gradeAgain([tiny.lesson], 6, hear, new AbortController().signal, tiny.root);

  expect(gradings).toHaveLength(6);
  const kept = gradings.flatMap(({ keptIn }) => keptIn ?? []);
  expect(kept.length).toBeGreaterThan(0);
  expect(JSON.parse(readFileSync(kept[0] ?? '', 'utf8'))).toMatchObject({
    verdict: 'fail',
    steps: [{ id: '1.1', got: 'the text "Hm. Hello, world!"' }, {}],
  });
  expect(flakeTable(gradings)).toMatch(new RegExp(`\\n +1 +6 +${kept.length} +\\d+\\.\\d +\\d+\\.\\d$`));
});

it('begins no more gradings when it is told to end', async () => {
  const tiny = tinyWorkshop();
  const stop = new AbortController();
  const gradings: Grading[] = [];
  const hear = (grading: Grading) => {
    gradings.push(grading);
    stop.abort();
  };
  await gradeAgain([tiny.lesson], 100, hear, stop.signal, tiny.root);
  expect(gradings.length).toBeLessThan(10);
});
