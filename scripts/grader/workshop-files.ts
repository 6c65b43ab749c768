import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isLeftBehind, moveSync, removeSync } from '../setup/files.mjs';
import { ROOT, shown } from '../shared/paths.ts';
import { stateDir } from '../shared/state-dir.ts';
import { codeIn, installedCode, stampOf } from './code-files.ts';

/** Where the files are that decide verdicts: the checks, what runs them, and the files under an answer. */
const FOLDERS = ['checks', 'lessons', 'scripts', 'solutions'];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json'];
/** What git and npm write when they change such files: a change of them means that no answer did it. */
const WRITTEN_BY_OTHERS = ['.git/index', '.git/HEAD', 'node_modules/.package-lock.json'];

/** Whether an editor made this file beside the one that it edits. */
const isDraft = (name: string) => /^\.|~$/.test(basename(name)) || isLeftBehind(basename(name));

/** Files of the workshop that changed while an answer ran. */
export interface FilesChange {
  /** Paths as shown. */
  readonly names: readonly string[];
  /** 'answer': no other answer ran meanwhile. 'answers': one of several. 'others': git or npm did it, and nothing was put back. */
  readonly by: 'answer' | 'answers' | 'others';
  /** Where the changed versions went, as shown; undefined when nothing was put back. */
  readonly keptIn?: string;
}

/** Tells what changed while an answer ran; undefined when nothing did, and when it was asked before. */
export type EndOfAnswer = () => FilesChange | undefined;

interface Remembered {
  stamp: string;
  text: Buffer;
}

/** An answer that runs, and the files that changed meanwhile. */
interface Running {
  readonly names: Set<string>;
  by: FilesChange['by'];
  keptIn?: string;
}

/**
 * Keeps answers from changing a later verdict: remembers the workshop's own files before an answer runs, and puts them back when it
 * changed them. A changed package cannot be put back, so the next command installs all of them again.
 *
 * Only for commands that run a learner's code. Proofs do not use it, so that an author's edits of a check are not undone.
 */
export class WorkshopFiles {
  readonly #root: string;
  readonly #sources = new Map<string, Remembered>();
  readonly #installed = new Map<string, string>();
  readonly #running = new Set<Running>();
  #others = '';

  constructor(root = ROOT) {
    this.#root = root;
  }

  /**
   * An answer is about to run.
   * @returns what to call when it has ended, with all that it started
   */
  begin(): EndOfAnswer {
    if (this.#running.size === 0) this.#remember();
    const own: Running = { names: new Set(), by: 'answer' };
    this.#running.add(own);
    if (this.#running.size > 1) for (const each of this.#running) each.by = 'answers';
    return () => {
      if (!this.#running.has(own)) return undefined;
      this.#compare();
      this.#running.delete(own);
      const { names, by, keptIn } = own;
      if (names.size === 0) return undefined;
      return { names: [...names].sort(), by, ...(keptIn ? { keptIn } : {}) };
    };
  }

  /** Remembers the files as they are now. */
  #remember(): void {
    const others = this.#stampOfOthers();
    if (others !== this.#others || this.#installed.size === 0) {
      this.#installed.clear();
      for (const file of installedCode(this.#root)) this.#installed.set(file, stampOf(file));
      this.#others = others;
    }
    const names = this.#names();
    for (const name of this.#sources.keys()) if (!names.has(name)) this.#sources.delete(name);
    for (const name of names) {
      const file = join(this.#root, name);
      const stamp = stampOf(file);
      if (stamp !== this.#sources.get(name)?.stamp)
        this.#sources.set(name, { stamp, text: readFileSync(file) });
    }
  }

  #compare(): void {
    const sources = this.#changedSources();
    const installed = [...this.#installed].filter(([file, stamp]) => stampOf(file) !== stamp);
    if (sources.length === 0 && installed.length === 0) return;
    const names = [...sources, ...installed.map(([file]) => shown(file, this.#root))];
    const byOthers = this.#stampOfOthers() !== this.#others;
    const keptIn = byOthers ? undefined : this.#putBack(sources, installed.length > 0);
    for (const each of this.#running) {
      for (const name of names) each.names.add(name);
      if (byOthers) each.by = 'others';
      else if (keptIn) each.keptIn = keptIn;
    }
    this.#others = '';
    this.#remember();
  }

  /** The names of the sources that changed, went or came. */
  #changedSources(): string[] {
    const names = this.#names();
    const changed = [...this.#sources].flatMap(([name, { stamp, text }]) => {
      const file = join(this.#root, name);
      if (stampOf(file) === stamp) return [];
      const isSame = statSync(file, { throwIfNoEntry: false })?.isFile() && readFileSync(file).equals(text);
      return isSame ? [] : [name];
    });
    return [...changed, ...[...names].filter((name) => !this.#sources.has(name))];
  }

  /** @returns where the changed versions went, as shown */
  #putBack(names: readonly string[], packagesToo: boolean): string {
    const attic = join(stateDir(this.#root), 'attic', `changed-by-an-answer-${Date.now()}`);
    for (const name of names) {
      const file = join(this.#root, name);
      if (existsSync(file)) {
        mkdirSync(dirname(join(attic, name)), { recursive: true });
        moveSync(file, join(attic, name));
      }
      const before = this.#sources.get(name);
      if (!before) continue;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, before.text);
    }
    if (packagesToo) removeSync(join(this.#root, 'node_modules', '.package-lock.json'));
    return shown(attic, this.#root);
  }

  #stampOfOthers(): string {
    return WRITTEN_BY_OTHERS.map((name) => stampOf(join(this.#root, name))).join();
  }

  /** The names of the sources and of the compiled commands, relative to the root. */
  #names(): Set<string> {
    const compiled =
      this.#root === ROOT ? globalThis.workshop?.compiled(join(ROOT, 'package.json')) : undefined;
    const folders = [...FOLDERS, ...(compiled ? [shown(dirname(fileURLToPath(compiled)))] : [])];
    const files = folders.flatMap((folder) => codeIn(join(this.#root, folder)));
    const names = files.map((file) => file.slice(this.#root.length + 1).replaceAll('\\', '/'));
    const single = FILES.filter((name) => existsSync(join(this.#root, name)));
    return new Set([...single, ...names.filter((name) => !/\.test\.ts$/.test(name) && !isDraft(name))]);
  }
}
