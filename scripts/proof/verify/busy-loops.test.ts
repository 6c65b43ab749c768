import { expect, it, onTestFinished, vi } from 'vitest';
import { startBusyLoops, stopBusyLoops } from './busy-loops.ts';

vi.setConfig({ testTimeout: 60_000 });

it('starts them, and is over when every one of them spins', async () => {
  onTestFinished(stopBusyLoops);
  await expect(startBusyLoops(2)).resolves.toBeUndefined();
});
