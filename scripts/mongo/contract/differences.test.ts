import { expect, test } from 'vitest';
import { DIFFERENCES } from './differences.ts';
import { onEngine } from './engine.ts';

const engine = onEngine({}, { alone: true });

test.each(DIFFERENCES)('the difference in $what is as recorded', async ({ ask, ...recorded }) => {
  const answer = await ask(engine.db).catch((error) => error);
  expect(answer).toMatchObject(recorded[engine.kind]);
});
