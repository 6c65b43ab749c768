import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lesson } from '../../course/lessons.ts';
import { ROOT } from '../../shared/paths.ts';
import { stateDir, unwritable } from '../../shared/state-dir.ts';
import { groundsOf, hash, textOf } from './grounds.ts';
import type { Mutant } from './mutant.ts';
import type { Outcome } from './outcome.ts';

/** Outcomes of earlier runs, by the content of all that decides them. Each is kept as soon as it is known. */
export class Memory {
  readonly #root: string;
  readonly #file: string;
  readonly #known: ReadonlyMap<string, Outcome>;
  readonly #grounds = new Map<string, string>();

  constructor(root = ROOT) {
    this.#root = root;
    this.#file = join(stateDir(root), 'mutants.jsonl');
    this.#known = new Map(textOf(this.#file).split('\n').flatMap(entryIn));
  }

  /** The outcome of a mutant that was graded before, when nothing has changed since. */
  recall(lesson: Lesson, mutant: Mutant): Outcome | undefined {
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
    const grounds = this.#grounds.get(folder) ?? groundsOf({ folder, ...lesson }, this.#root);
    this.#grounds.set(folder, grounds);
    return hash(grounds, file, text);
  }
}

/** A line of the file; none when a run that was ended in the middle of it left only half of one. */
function entryIn(line: string): [string, Outcome][] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
