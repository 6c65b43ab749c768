import type { Column, Row } from '../shared/figures-table.ts';
import type { Lab } from './lab.ts';
import { installedVersions, type Machine, thisMachine } from './machine.ts';

/** A lab's result, as `npm run lab NAME --json` prints it. */
export interface Result {
  readonly schema: 1;
  readonly lab: string;
  readonly claim: string;
  /** `quick` figures are for a first look. */
  readonly size: 'full' | 'quick';
  /** False when Ctrl+C or an error ended it before all was measured. */
  readonly complete: boolean;
  readonly measuredAt: string;
  readonly machine: Machine;
  /** Such as 'embedded 8.0.0' or 'Redis 7.0.15'. */
  readonly servers: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

export interface Measuring {
  readonly size: Result['size'];
  /** Stops the lab; the result so far is kept. */
  readonly signal: AbortSignal;
  progress(part: number, doing: string): void;
}

/** A result, and the error that ended the lab early. */
export interface Outcome {
  readonly result: Result;
  readonly error?: unknown;
}

/** Runs a lab until it ends, the signal aborts it or an error occurs, and cleans up. */
export async function measure(lab: Lab, { size, signal, progress }: Measuring): Promise<Outcome> {
  const cleanUps: (() => unknown)[] = [];
  const notes: string[] = [];
  const servers: string[] = [];
  const context = {
    progress,
    note: (sentence: string) => void notes.push(sentence),
    uses: (server: string) => void servers.push(server),
    defer: (cleanUp: () => unknown) => void cleanUps.unshift(cleanUp),
  };
  let rows: readonly Row[] = [];
  let complete = false;
  let error: unknown;
  const aborted = new Promise<'aborted'>((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
    if (signal.aborted) resolve('aborted');
  });
  const tables = lab.run(context, lab[size])[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = tables.next();
      // After an abort this promise is not awaited, and it rejects when the processes end.
      next.catch(() => {});
      const table = await Promise.race([next, aborted]);
      if (table === 'aborted') break;
      complete = table.done === true;
      if (table.done) break;
      rows = table.value.map((row) => ({ ...row }));
    }
  } catch (thrown) {
    error = thrown;
  }
  for (const cleanUp of cleanUps) {
    // An error while closing is ignored: everything ends with this process.
    await Promise.resolve(cleanUp()).catch(() => {});
  }
  const result: Result = {
    schema: 1,
    lab: lab.name,
    claim: lab.claim,
    size,
    complete,
    measuredAt: new Date().toISOString(),
    machine: thisMachine(),
    servers,
    versions: installedVersions(),
    columns: lab.columns,
    rows,
    notes,
  };
  return error === undefined ? { result } : { result, error };
}
