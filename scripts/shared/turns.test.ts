import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('what is most urgent begins first, and equals in their order', async () => {
  const turns = new Turns(1);
  const begun: string[] = [];
  let end = () => {};
  const running = turns.take(() => new Promise<void>((resolve) => (end = resolve)));
  const waiting = (
    [
      ['second', 0],
      ['first', 5],
      ['third', 0],
    ] as const
  ).map(([name, urgency]) => turns.take(async () => void begun.push(name), urgency));
  end();
  await Promise.all([running, ...waiting]);
  expect(begun).toEqual(['first', 'second', 'third']);
});
