import { askUntil } from '../../shared/fair-time.ts';
import type { Trial } from '../kit/trial.ts';

/** In milliseconds. Some stores write every second. */
const STORED_WITHIN_MS = 3000;

/**
 * Waits until the backend holds a word: some stores call back first, and write later.
 * @returns whether it does; compressed and encrypted records do not show it
 */
export async function untilStored(trial: Trial, word: string): Promise<boolean> {
  if (!trial.site.canBeAway) return false;
  const look = async () => (await trial.site.place.dump().catch(() => '')).includes(word);
  return askUntil(look, Boolean, STORED_WITHIN_MS);
}
