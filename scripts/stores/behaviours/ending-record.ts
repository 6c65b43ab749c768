import { askUntil } from '../../shared/fair-time.ts';
import { serverEndIn } from '../kit/record-end.ts';
import type { StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { isFound } from '../kit/words.ts';

export const LIFE_MS = 2000;
const STORED_WITHIN_MS = 6000;

/**
 * A record that expires soon and is watched without a call to the store: in what the backend holds, unless that keeps deleted data as
 * SQLite's files do; without a backend, in the fields of the store. Else by length(), if it counts the record. Else by get(), which
 * shows it when get() returns expired sessions.
 */
export class EndingRecord {
  readonly #trial: Trial;
  readonly #store: StoreProcess;
  readonly #mark: string;
  readonly #look: (word: string) => Promise<boolean>;
  readonly #shows: boolean;
  #counts = false;
  #alive = 0;

  static async of(trial: Trial, store: StoreProcess): Promise<EndingRecord> {
    const id = trial.newId('removed');
    await store.call({ method: 'set', id, data: { id }, maxAge: 600_000 }, trial.limits.call);
    const look = lookInto(trial, store);
    const wasThere = await askUntil(() => look(id), Boolean, STORED_WITHIN_MS);
    await store.call({ method: 'destroy', id }, trial.limits.call);
    // A server shows what is stored, even when the store only marks destroyed sessions.
    const shows =
      wasThere &&
      (trial.site.proxy !== undefined ||
        !(await askUntil(
          () => look(id),
          (isThere) => !isThere,
          STORED_WITHIN_MS,
        )));
    const record = new EndingRecord(trial, store, shows);
    const before = await record.#length();
    await record.#save(record.#mark, LIFE_MS);
    record.#counts = before !== undefined && ((await record.#length()) ?? 0) > before;
    return record;
  }

  private constructor(trial: Trial, store: StoreProcess, shows: boolean) {
    this.#trial = trial;
    this.#store = store;
    this.#look = lookInto(trial, store);
    this.#mark = trial.newId('swept');
    this.#shows = shows;
  }

  /** Whether the record is visible without a call to the store: length() and get() may delete expired records. */
  get isSeen(): boolean {
    return this.#shows;
  }

  async #save(id: string, maxAge: number): Promise<void> {
    await this.#store.call({ method: 'set', id, data: { id }, maxAge }, this.#trial.limits.call);
  }

  async #length(): Promise<number | undefined> {
    if (this.#shows || !this.#store.has('length')) return undefined;
    const { value } = await this.#store.call({ method: 'length' }, this.#trial.limits.call);
    return typeof value === 'number' ? value : undefined;
  }

  /** The end that a server with its own expiry has for the record, in milliseconds since 1970; undefined when it has none. */
  async endByServer(): Promise<number | undefined> {
    return serverEndIn(await this.#trial.site.place.dump().catch(() => ''), this.#mark);
  }

  /** The same as yes or no. A record that cannot be read, as an encrypted one, counts as yes. */
  async isEndedByServer(): Promise<boolean> {
    const isRead = await askUntil(() => this.#look(this.#mark), Boolean, STORED_WITHIN_MS);
    return !isRead || (await this.endByServer()) !== undefined;
  }

  /** Saves another session. */
  async another(): Promise<void> {
    await this.#save(this.#trial.newId('next'), 600_000);
    this.#alive++;
    if (this.#shows)
      await askUntil(
        () => this.isKept(),
        (isKept) => !isKept,
        1000,
      );
  }

  /** Whether the record is visible within a few seconds. It is not read by get(), which may prolong it. */
  async isStored(): Promise<boolean> {
    if (this.#shows) return askUntil(() => this.isKept(), Boolean, STORED_WITHIN_MS);
    return this.#counts && this.isKept();
  }

  async isKept(): Promise<boolean> {
    if (this.#shows) return this.#look(this.#mark);
    if (this.#counts) return ((await this.#length()) ?? 0) > this.#alive;
    return isFound(await this.#store.call({ method: 'get', id: this.#mark }, this.#trial.limits.call));
  }
}

/** Looks for a word in the backend, or without one in the store's fields. While the backend cannot be read, its last content counts. */
function lookInto(trial: Trial, store: StoreProcess): (word: string) => Promise<boolean> {
  if (!trial.site.canBeAway) return (word) => store.ask('holds', { word });
  let last = '';
  return async (word) => {
    last = await trial.site.place.dump().catch(() => last);
    return last.includes(word);
  };
}
