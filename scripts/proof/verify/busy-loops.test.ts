import { expect, it, onTestFinished } from 'vitest';
import { startBusyLoops, stopBusyLoops } from './busy-loops.ts';

it('starts them, and is over when every one of them spins', async () => {
  onTestFinished(stopBusyLoops);
  await expect(startBusyLoops(2)).resolves.toBeUndefined();
});
