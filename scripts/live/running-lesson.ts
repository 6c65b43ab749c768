import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { ShopConfig } from '#shop/config.ts';
import { learnersAnswer } from '../course/answers.ts';
import type { Lesson } from '../course/lessons.ts';
import { recordVerdict } from '../course/map/milestone.ts';
import { type Hint, nextHint } from '../course/next-hint.ts';
import { leaveNote } from '../course/open-lesson-note.ts';
import { type VerdictListener, verdictListener } from '../course/report-verdict.ts';
import { type TypeMistake, typeErrors } from '../course/types/type-errors.ts';
import { describeMissing } from '../course/work.ts';
import { type Judge, loadCheck } from '../grader/grade.ts';
import type { LessonVerdict } from '../grader/verdict.ts';
import { WorkshopFiles } from '../grader/workshop-files.ts';
import { ROOT } from '../shared/paths.ts';
import { type Database, openDatabase } from './database.ts';
import { type LessonSetup, setUpLesson } from './lesson-setup.ts';
import { LessonShop, type Say } from './lesson-shop.ts';
import { WatchedDatabase } from './watched-database.ts';
import type { XRay } from './workbench/xray/xray.ts';

/** A verdict and when it was reached. */
export interface Graded {
  readonly verdict: LessonVerdict;
  readonly at: Date;
  /** The message when it was the last lesson that had not passed. */
  readonly milestone: string | undefined;
  /** The type errors of the answer; they come after the verdict, and only when TypeScript is there. */
  types?: readonly TypeMistake[];
}

interface Parts {
  readonly lesson: Lesson;
  readonly judge: Judge;
  readonly xray: XRay;
  readonly database: Database;
  readonly setup: LessonSetup;
  readonly watched: WatchedDatabase;
  readonly instances: readonly string[] | undefined;
  readonly listener: VerdictListener;
  readonly say: Say;
}

/**
 * A lesson that is open: the learner's shop and its verdicts. Terminal and workbench both show it. Emits 'change' whenever one of them
 * has something new to show.
 */
export class RunningLesson extends EventEmitter<{ change: [] }> {
  readonly lesson: Lesson;
  readonly shop: LessonShop;
  readonly #parts: Parts;
  readonly #takeNoteAway: () => void;
  #graded: Graded | undefined;
  /** Ends the type check of the last save. */
  #typesLook = new AbortController();
  #gradingSince: Date | undefined;
  #hints: readonly Hint[] = [];
  #closing = false;
  readonly #files = new WorkshopFiles();

  private constructor(parts: Parts) {
    super();
    const { lesson, setup, database } = parts;
    this.#parts = parts;
    this.lesson = lesson;
    this.shop = new LessonShop({ ...parts, changed: () => this.emit('change') });
    // For npm run compass. Not for the database in .env: its password must be in no other file.
    const uri = setup.config?.mongodbUri ?? (database.mongo && database.config.mongodbUri);
    this.#takeNoteAway = uri ? leaveNote({ lesson: lesson.number, uri }) : () => {};
  }

  /** @throws EngineError when its databases cannot start */
  static async open(lesson: Lesson, judge: Judge, xray: XRay, say: Say): Promise<RunningLesson> {
    const [database, setup, check, listener] = await Promise.all([
      openDatabase(lesson),
      setUpLesson(lesson),
      loadCheck(lesson),
      verdictListener(),
    ]);
    const config: ShopConfig = { ...database.config, ...setup.config };
    const inMemory = setup.config?.mongodbUri ? setup.mongo : database.mongo;
    const watched = await WatchedDatabase.open(config, inMemory, xray);
    const instances = check?.instances;
    return new RunningLesson({ lesson, judge, xray, database, setup, watched, instances, listener, say });
  }

  /** What the learner reads about what is set up, a line each. */
  get sceneryWords(): readonly string[] {
    return this.#parts.setup.say ?? [];
  }

  /** Where the shop's database is, in words. */
  get databaseWords(): string {
    return this.#parts.setup.config?.mongodbUri ?? this.#parts.database.words;
  }

  get graded(): Graded | undefined {
    return this.#graded;
  }

  /** When the running grading began; undefined when none does. */
  get gradingSince(): Date | undefined {
    return this.#gradingSince;
  }

  /** The hints that were shown since the lesson was opened. */
  get hints(): readonly Hint[] {
    return this.#hints;
  }

  /** A save: opens the shop again and grades the answer. @returns what failed, in sentences */
  async reload(): Promise<readonly string[]> {
    const gone = describeMissing(this.lesson);
    if (gone) return [gone];
    const done = await Promise.allSettled([this.shop.reopen(), this.#grade()]);
    if (this.#closing) return [];
    return done.flatMap((each) => (each.status === 'rejected' ? [(each.reason as Error).message] : []));
  }

  async #grade(): Promise<void> {
    const { lesson, judge, listener, say } = this.#parts;
    this.#gradingSince = new Date();
    this.emit('change');
    try {
      const verdict = await judge.grade(lesson, learnersAnswer(lesson), { files: this.#files });
      // A verdict that comes later may be wrong: its processes are being ended.
      if (this.#closing) return;
      const graded: Graded = { verdict, at: new Date(), milestone: recordVerdict(lesson, verdict) };
      this.#graded = graded;
      void this.#lookAtTypes(graded);
      void listener.reportInBackground(verdict, say);
    } finally {
      this.#gradingSince = undefined;
      this.emit('change');
    }
  }

  /** Nothing waits for the type errors. They are shown beside their verdict, unless a newer one has come. */
  async #lookAtTypes(graded: Graded): Promise<void> {
    this.#typesLook.abort();
    this.#typesLook = new AbortController();
    const types = await typeErrors(this.lesson.workDir, this.#typesLook.signal);
    if (!types?.length || this.#closing || this.#graded !== graded) return;
    graded.types = types;
    this.emit('change');
  }

  /** The next hint for the first step that fails; undefined when the lesson passes. */
  hint(): Hint | undefined {
    const hint = nextHint(this.lesson);
    if (hint) this.#hints = [...this.#hints.filter((each) => each.text !== hint.text), hint];
    this.emit('change');
    return hint;
  }

  /** Whether it is being closed, or is. */
  get isClosing(): boolean {
    return this.#closing;
  }

  /** Ends everything that the lesson started. What fails to end is printed, and the rest still ends. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#typesLook.abort();
    this.#takeNoteAway();
    const { database, setup, xray, watched, say } = this.#parts;
    for (const parts of [[this.shop], [watched], [database, setup]]) {
      for (const each of await Promise.allSettled(parts.map((part) => part.close())))
        if (each.status === 'rejected') say(`Not all of the lesson ended: ${each.reason}`);
    }
    xray.clear();
  }
}

/** What is watched for saves while a lesson is open. */
export const watchedPaths = (lesson: Lesson) => [
  lesson.workDir,
  join(ROOT, 'lessons', 'shop'),
  join(ROOT, '.env'),
];
