import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { tinyWorkshop } from '../course/fixtures/test-support.ts';
import { judgeEach } from './judges.ts';

/** Whether something listens there. */
function listens(uri: string): Promise<boolean> {
  const { hostname, port } = new URL(uri);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

it('closes every engine, and begins nothing more, when the work of one judge fails', async () => {
  const engines = new Set<string>();
  const begun: number[] = [];
  let bothOpen = () => {};
  const both = new Promise<void>((resolve) => {
    bothOpen = resolve;
  });
  const work = async ({ engine }: { engine: { uri: string } }, item: number) => {
    begun.push(item);
    engines.add(engine.uri);
    if (engines.size > 1) bothOpen();
    await both;
    if (item === 0) throw new Error('the first fails');
  };
  await expect(judgeEach([0, 1, 2, 3, 4, 5, 6, 7], work, tinyWorkshop().root)).rejects.toThrow(
    'the first fails',
  );
  expect(engines.size).toBeGreaterThan(1);
  expect(begun.length).toBeLessThan(8);
  expect(await Promise.all([...engines].map(listens))).not.toContain(true);
});
