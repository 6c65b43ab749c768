import { askUntil } from '../../shared/fair-time.ts';
import type { Outcome } from '../kit/protocol.ts';
import type { Trial } from '../kit/trial.ts';
import { dataOf, describeOutcome, isDone, isFound, isNone, isSilent } from '../kit/words.ts';

type Data = Record<string, unknown>;

/** In milliseconds. Some stores call back before they have saved; another behaviour judges that. */
const SAVED_WITHIN_MS = 1500;

/**
 * Saves data in a session and reads it back.
 * @param isSaved whether the data read are those saved last, not earlier ones
 */
export async function roundTrip(
  trial: Trial,
  data: Data,
  id = trial.newId(),
  isSaved: (back: Data) => boolean = () => true,
) {
  const store = await trial.shared();
  const set = await store.call({ method: 'set', id, data, maxAge: 600_000 }, trial.limits.call);
  const ask = () => store.call({ method: 'get', id }, trial.limits.call);
  const isIn = (get: Outcome) => isFound(get) && isSaved(dataOf(get) ?? {});
  const get = isDone(set)
    ? await askUntil(ask, (each) => isSilent(each) || isIn(each), SAVED_WITHIN_MS)
    : await ask();
  return {
    set,
    back: isDone(set) ? dataOf(get) : undefined,
    /** Words for a session that did not come back. */
    lost: !isDone(set) || isNone(get) ? 'not saved' : 'get() fails',
    words: `set: ${describeOutcome(set)}; get: ${describeOutcome(get)}`,
  };
}
