import { Instrumenter } from '@stryker-mutator/instrumenter';
import type { Edit } from './edit.ts';

/** A logger for the instrumenter that prints nothing. */
const SILENT = new Proxy({}, { get: () => () => false }) as ConstructorParameters<typeof Instrumenter>[0];
const ALL = { excludedMutations: [], plugins: null, ignorers: [] };

/** The mutants that StrykerJS makes of a file. Stryker puts all of them behind switches in one file; here each is a separate edit. */
export async function strykerEdits(text: string): Promise<Edit[]> {
  const file = { name: 'answer.ts', mutate: true, content: text };
  const { mutants } = await new Instrumenter(SILENT).instrument([file], ALL);
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = ({ line, column }: { line: number; column: number }) => (lineStarts[line] ?? 0) + column;
  return mutants.map(({ mutatorName, location, replacement }) => ({
    operator: mutatorName,
    start: offset(location.start),
    end: offset(location.end),
    replacement,
  }));
}
