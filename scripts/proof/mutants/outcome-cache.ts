import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lesson } from '../../course/lessons.ts';
import { ROOT } from '../../shared/paths.ts';
import { stateDir, unwritable } from '../../shared/state-dir.ts';
import { hash, hashOfInputs, textOf } from './inputs.ts';
import type { Mutant } from './mutant.ts';
import type { Outcome } from './outcome.ts';

/** Outcomes of earlier runs, keyed by a hash of everything that decides them. Each is stored at once. */
export class OutcomeCache {
  readonly #root: string;
  readonly #file: string;
  readonly #known: ReadonlyMap<string, Outcome>;
  readonly #inputs = new Map<string, string>();

  constructor(root = ROOT) {
    this.#root = root;
    this.#file = join(stateDir(root), 'mutants.jsonl');
    this.#known = new Map(textOf(this.#file).split('\n').flatMap(entryIn));
  }

  /** The outcome of a mutant that was graded before with the same inputs. */
  get(lesson: Lesson, mutant: Mutant): Outcome | undefined {
    return this.#known.get(this.#key(lesson, mutant));
  }

  /** @throws EnvironmentError when `.workshop/` cannot be written */
  keep(lesson: Lesson, mutant: Mutant, outcome: Outcome): void {
    try {
      appendFileSync(this.#file, `${JSON.stringify([this.#key(lesson, mutant), outcome])}\n`);
    } catch (error) {
      throw unwritable(this.#file, this.#root, error);
    }
  }

  #key({ folder, ...lesson }: Lesson, { file, text }: Mutant): string {
    const inputs = this.#inputs.get(folder) ?? hashOfInputs({ folder, ...lesson }, this.#root);
    this.#inputs.set(folder, inputs);
    return hash(inputs, file, text);
  }
}

/** The entry in a line of the file; none in half a line of a stopped run. */
function entryIn(line: string): [string, Outcome][] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
