import { join } from 'node:path';
import { findStore } from './catalogue.ts';
import { isTooBusy } from './kit/cell.ts';
import { Control } from './kit/control.ts';
import type { StoreResult } from './measured.ts';
import { type Playable, type Playing, play, playAgain } from './play.ts';
import { measureSpeed } from './speed.ts';

/** How many stores are played at the same time, and how many scenarios of each. They mostly wait. */
const AT_A_TIME = { full: { stores: 3, scenarios: 6 }, quick: { stores: 4, scenarios: 12 } } as const;

/**
 * Plays stores in parallel, then plays again, one at a time, what the machine was too busy for. Speeds are measured last, when nothing
 * else runs.
 * @returns the results of the stores that were finished, in their order
 */
export async function measureStores(
  playables: readonly Playable[],
  { size, only, signal }: Omit<Playing, 'control'>,
  say: (line: string) => void,
): Promise<StoreResult[]> {
  const control = await Control.start();
  const playing = { size, only, signal, control };
  const results = new Map<Playable, StoreResult>();
  try {
    const waiting = [...playables];
    const worker = async () => {
      for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
        const result = await play(next, AT_A_TIME[size].scenarios, playing);
        if (signal.aborted) break;
        results.set(next, result);
        say(`${results.size} of ${playables.length}: ${next.title}`);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME[size].stores }, worker));
    for (const [playable, result] of results) {
      const doubtful = Object.values(result.cells).filter(isTooBusy).length;
      if (doubtful === 0 || signal.aborted) continue;
      say(`${playable.title}: the machine was too busy for ${doubtful} of its cells. They are asked again.`);
      results.set(playable, await playAgain(playable, result, playing));
    }
  } finally {
    await control.stop();
  }
  for (const [playable, result] of results) {
    if (size === 'quick' || only || signal.aborted) break;
    say(`The speed of ${playable.title}`);
    results.set(playable, await withSpeed(result, playable, signal));
  }
  return playables.flatMap((playable) => results.get(playable) ?? []);
}

async function withSpeed(
  result: StoreResult,
  { module, backend }: Playable,
  signal: AbortSignal,
): Promise<StoreResult> {
  const memory = join(findStore('memory-store').folder, 'open.mjs');
  // A store that cannot be played has no speed.
  const speed = await measureSpeed(module, memory, backend, signal).catch(() => undefined);
  return speed ? { ...result, speed } : result;
}
