import { expect, it, onTestFinished, vi } from 'vitest';
import { startSpinners, stopSpinners } from './spinners.ts';

vi.setConfig({ testTimeout: 60_000 });

it('starts them, and is over when every one of them spins', async () => {
  onTestFinished(stopSpinners);
  await expect(startSpinners(2)).resolves.toBeUndefined();
});
