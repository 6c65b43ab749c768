import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { linkOrCopySync, namesIn } from '../setup/files.mjs';
import { ROOT, shown } from '../shared/paths.ts';
import { unwritable } from '../shared/state-dir.ts';
import { compile } from './compile.ts';
import type { Lesson } from './lesson.ts';
import { ScratchFolder } from './scratch.ts';

/** Which files to grade. */
export interface AnswerSource {
  /** Folders laid over each other, the later one on top. */
  readonly layers: readonly string[];
  /** The folder that the files are known by: messages name this folder, not the copy. */
  readonly shownAs: string;
  /** Single files laid on top of all, by name: recorded answers are edits of a solution. */
  readonly files?: Readonly<Record<string, string>>;
}

/** The text of one of an answer's files, from the topmost layer that has it; empty when none has. */
export function readLayered({ layers }: AnswerSource, name: string): string {
  const file = layers
    .map((layer) => join(layer, name))
    .reverse()
    .find((each) => existsSync(each));
  return file ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : '';
}

/** The files of layers: the path of the topmost one, by its name. A link is what it leads to. */
function topmostFiles(layers: readonly string[]): Map<string, string> {
  const names = (layer: string) =>
    namesIn(layer, { recursive: true }).filter(
      (name) =>
        !name.split(sep).includes('node_modules') &&
        statSync(join(layer, name), { throwIfNoEntry: false })?.isFile(),
    );
  const there = layers.filter((each) => existsSync(each));
  return new Map(there.flatMap((layer) => names(layer).map((name) => [name, join(layer, name)] as const)));
}

/** A private copy of an answer. It may be run, and its code may even delete it. */
export class GradedCopy {
  readonly dir: string;
  readonly #source: AnswerSource;
  readonly #root: string;
  readonly #home: ScratchFolder;
  #compiled: Promise<string> | undefined;

  /** @throws EnvironmentError when `.workshop/` cannot be written */
  constructor(lesson: Pick<Lesson, 'folder'>, source: AnswerSource, root = ROOT) {
    this.#source = source;
    this.#root = root;
    this.#home = new ScratchFolder(root);
    // The same depth and neighbours as in lessons/, so '#shop/cart.ts' and '../shop/cart.ts' both resolve.
    this.dir = join(this.#home.path, lesson.folder);
    try {
      mkdirSync(this.dir, { recursive: true });
      for (const [name, file] of topmostFiles(source.layers)) {
        mkdirSync(dirname(join(this.dir, name)), { recursive: true });
        copyFileSync(file, join(this.dir, name));
      }
      for (const [name, text] of Object.entries(source.files ?? {})) {
        writeFileSync(join(this.dir, name), text);
      }
      linkOrCopySync(join(root, 'lessons', 'shop'), join(this.#home.path, 'shop'));
    } catch (error) {
      this.remove();
      throw unwritable(this.#home.path, root, error);
    }
  }

  /** Its app.ts as a module that Node runs, compiled once. @throws ShopDown when it does not compile */
  compiled(): Promise<string> {
    this.#compiled ??= compile(join(this.dir, 'app.ts'), join(this.#home.path, 'app.mjs'));
    return this.#compiled;
  }

  /** The text of one of its files; empty when there is no such file. */
  read(name: string): string {
    const file = join(this.dir, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** The names of its TypeScript files. */
  ownFiles(): string[] {
    return existsSync(this.dir) ? namesIn(this.dir).filter((name) => name.endsWith('.ts')) : [];
  }

  /** How a file of the copy is shown: by the path the learner knows. `line` counts from 1. */
  shown(name: string, line?: number): string {
    const path = shown(join(this.#source.shownAs, name), this.#root);
    return line === undefined ? path : `${path}:${line}`;
  }

  remove(): void {
    this.#home.remove();
  }
}
