import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { ShopConfig } from '#shop/config.ts';
import { learnersAnswer } from '../course/answers.ts';
import type { Lesson } from '../course/lessons.ts';
import { recordVerdict } from '../course/map/milestone.ts';
import { type Hint, nextHint } from '../course/next-hint.ts';
import { leaveNote } from '../course/open-lesson-note.ts';
import { type VerdictListener, verdictListener } from '../course/report-verdict.ts';
import { missingInWords } from '../course/work.ts';
import { Clock } from '../grader/check/clock.ts';
import { type Judge, loadCheck } from '../grader/grade.ts';
import type { Outside } from '../grader/shop-process/shop-messages.ts';
import type { LessonVerdict } from '../grader/verdict.ts';
import { ROOT } from '../shared/paths.ts';
import { type Database, openDatabase } from './database.ts';
import { LiveInstances } from './live-instances.ts';
import { FAVOURITE_PORT, LiveShop, type Watching } from './live-shop.ts';
import { openScenery, type Scenery } from './scenery.ts';
import { SecondInstance } from './second-instance.ts';
import { WatchedDatabase } from './watched-database.ts';
import type { XRay } from './workbench/xray/xray.ts';

/** A verdict and when it was reached. */
export interface Graded {
  readonly verdict: LessonVerdict;
  readonly at: Date;
  /** What is said when it was the last lesson that had not passed. */
  readonly milestone: string | undefined;
}

/** What an open lesson says: a line of an instance (none for the shop as a whole), or of the workshop. */
export type Say = (line: string, instance?: string) => void;

interface Parts {
  readonly lesson: Lesson;
  readonly judge: Judge;
  readonly xray: XRay;
  readonly database: Database;
  readonly scenery: Scenery;
  readonly watched: WatchedDatabase;
  readonly instances: readonly string[] | undefined;
  readonly listener: VerdictListener;
  readonly say: Say;
}

/**
 * A lesson that is open: the learner's shop, its databases, its verdicts and its switches. Terminal and workbench both show it. Emits
 * 'change' whenever one of them has something new to show.
 */
export class RunningLesson extends EventEmitter<{ change: [] }> {
  readonly lesson: Lesson;
  /** What time it is for the shop and for its shoppers. */
  readonly clock = new Clock();
  readonly watched: WatchedDatabase;
  /** The names of the instances, where the lesson opens several. */
  readonly instances: readonly string[] | undefined;
  readonly #parts: Parts;
  readonly #shop: LiveShop | LiveInstances;
  readonly #takeNoteAway: () => void;
  #outside: Outside;
  #second: SecondInstance | undefined;
  #graded: Graded | undefined;
  #gradingSince: Date | undefined;
  #hints: readonly Hint[] = [];
  #secrets = 1;
  #closing = false;

  private constructor(parts: Parts) {
    super();
    const { lesson, watched, scenery, database, instances, xray, say } = parts;
    this.#parts = parts;
    this.lesson = lesson;
    this.watched = watched;
    this.instances = instances;
    // What a scenery sets up goes before `.env`: its config is all that the shop is told then.
    const env = { ...database.env };
    if (database.mongo && env.MONGODB_URI) env.MONGODB_URI = watched.config.mongodbUri;
    this.#outside = scenery.config ? { config: watched.config } : { config: watched.config, env };
    const watching: Watching = {
      onInside: (seen) => xray.inside(seen),
      onChange: () => this.emit('change'),
    };
    this.#shop = instances
      ? new LiveInstances(
          instances,
          lesson.workDir,
          this.#outside,
          (name, line) => say(line, name),
          watching,
          ({ ports }) => this.passedOn(ports),
        )
      : new LiveShop(lesson.workDir, this.#outside, (line) => say(line, 'shop'), FAVOURITE_PORT, watching);
    this.#tellXRay();
    // For npm run compass. A database of the learner's own is in .env: its password is written nowhere else.
    const uri = scenery.config?.mongodbUri ?? (database.mongo && database.config.mongodbUri);
    this.#takeNoteAway = uri ? leaveNote({ lesson: lesson.number, uri }) : () => {};
  }

  /** @throws EngineError when its databases cannot start */
  static async open(lesson: Lesson, judge: Judge, xray: XRay, say: Say): Promise<RunningLesson> {
    const [database, scenery, check, listener] = await Promise.all([
      openDatabase(),
      openScenery(lesson),
      loadCheck(lesson),
      verdictListener(),
    ]);
    const config: ShopConfig = { ...database.config, ...scenery.config };
    const inMemory = scenery.config?.mongodbUri ? scenery.mongo : database.mongo;
    const watched = await WatchedDatabase.open(config, inMemory, xray);
    const instances = check?.instances;
    return new RunningLesson({ lesson, judge, xray, database, scenery, watched, instances, listener, say });
  }

  /** What the learner is told of what stands ready, a line each. */
  get sceneryWords(): readonly string[] {
    return this.#parts.scenery.say ?? [];
  }

  /** Where the shop's database is, in words. */
  get databaseWords(): string {
    return this.#parts.scenery.config?.mongodbUri ?? this.#parts.database.words;
  }

  get address(): string | undefined {
    return this.#shop.address;
  }

  /** Where shoppers are sent: the shop's port, or that of the balancer in front of its instances. */
  get port(): number | undefined {
    return this.#second?.port ?? this.#shop.port;
  }

  /** Each process of the shop by the name of its instance: its ID, undefined when it is not open. */
  get processes(): ReadonlyMap<string, number | undefined> {
    if (this.#shop instanceof LiveInstances)
      return new Map([...this.#shop.shops].map(([name, { pid }]) => [name, pid]));
    return new Map([['A', this.#shop.pid], ...(this.#second ? [['B', this.#second.pid] as const] : [])]);
  }

  get hasSecond(): boolean {
    return this.#second !== undefined;
  }

  get graded(): Graded | undefined {
    return this.#graded;
  }

  /** Since when a grading runs; undefined when none does. */
  get gradingSince(): Date | undefined {
    return this.#gradingSince;
  }

  /** The hints that were shown since the lesson was opened. */
  get hints(): readonly Hint[] {
    return this.#hints;
  }

  /** How many secrets the shop has had. */
  get secrets(): number {
    return this.#secrets;
  }

  /** A save: the shop is opened anew, and the answer is graded. What fails is told in words. */
  async reload(): Promise<readonly string[]> {
    const gone = missingInWords(this.lesson);
    if (gone) return [gone];
    const done = await Promise.allSettled([this.#restart(), this.#grade()]);
    if (this.#closing) return [];
    return done.flatMap((each) => (each.status === 'rejected' ? [(each.reason as Error).message] : []));
  }

  async #restart(): Promise<void> {
    await this.#shop.restart();
    await this.#second?.restart();
    this.emit('change');
  }

  async #grade(): Promise<void> {
    const { lesson, judge, listener, say } = this.#parts;
    this.#gradingSince = new Date();
    this.emit('change');
    try {
      const verdict = await judge.grade(lesson, learnersAnswer(lesson));
      // A verdict that comes after this is of no use: the processes it was reached on are being ended.
      if (this.#closing) return;
      this.#graded = { verdict, at: new Date(), milestone: recordVerdict(lesson, verdict) };
      void listener.reportInBackground(verdict, say);
    } finally {
      this.#gradingSince = undefined;
      this.emit('change');
    }
  }

  /** The next hint for the first step that fails; undefined when the lesson passes. */
  hint(): Hint | undefined {
    const hint = nextHint(this.lesson);
    if (hint) this.#hints = [...this.#hints.filter((each) => each.text !== hint.text), hint];
    this.emit('change');
    return hint;
  }

  /** The old process ends and a new one opens. Several instances: one after the other, each asked to shut down. */
  async restart(): Promise<void> {
    if (this.#shop instanceof LiveInstances) await this.#shop.restartRolling();
    else await this.#restart();
    this.emit('change');
  }

  /** Kills the shop's process, or that of the first of several instances. */
  async kill(): Promise<void> {
    if (this.#shop instanceof LiveInstances) await this.#shop.killFirst();
    else if (!(await this.#shop.kill())) this.#parts.say('It is not running. A restart opens it again.');
    this.emit('change');
  }

  /** Opens a second instance beside the first, behind a balancer; or closes it. */
  async switchSecond(): Promise<void> {
    if (this.#shop instanceof LiveInstances) return;
    const open = this.#second;
    this.#second = undefined;
    if (open) await open.close();
    else
      this.#second = await SecondInstance.open(
        this.#shop,
        this.lesson.workDir,
        this.#outside,
        this.#parts.xray,
        this.#parts.say,
      );
    this.emit('change');
  }

  /** A new secret signs, and the one before is given as a previous one, in a new process. */
  async renewSecret(): Promise<void> {
    const { sessionSecret: old, previousSecrets = [] } = this.#outside.config;
    const sessionSecret = randomBytes(32).toString('hex');
    const config = { ...this.#outside.config, sessionSecret, previousSecrets: [old, ...previousSecrets] };
    const { env } = this.#outside;
    this.#outside = { config, ...(env && { env: { ...env, SESSION_SECRET: sessionSecret } }) };
    this.#secrets++;
    this.#shop.tell(this.#outside);
    this.#second?.tell(this.#outside);
    this.#tellXRay();
    await this.#restart();
  }

  /** Time passes for shop, shoppers and database. @returns how many documents the database removed */
  async timePasses(ms: number): Promise<number> {
    this.clock.passes(ms);
    await this.#shop.setClockAhead(this.clock.ahead);
    await this.#second?.setClockAhead(this.clock.ahead);
    const removed = await this.watched.sweep(this.clock.now());
    this.emit('change');
    return removed;
  }

  /** A balancer passed a request on. */
  passedOn({ from, out }: { readonly from: number | undefined; readonly out: number | undefined }): void {
    if (from !== undefined && out !== undefined) this.#parts.xray.passedOn(from, out);
  }

  /** Ends everything that the lesson started. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#takeNoteAway();
    const { database, scenery, xray } = this.#parts;
    await Promise.all([this.#shop.close(), this.#second?.close()]);
    await this.watched.close();
    xray.clear();
    await Promise.all([database.close(), scenery.close()]);
  }

  #tellXRay(): void {
    const { sessionSecret, previousSecrets = [] } = this.#outside.config;
    const previous = previousSecrets.map((value, i) => ({ name: `previous secret ${i + 1}`, value }));
    this.#parts.xray.about(
      [{ name: 'config.sessionSecret', value: sessionSecret }, ...previous],
      this.watched,
    );
  }
}

/** What is watched for saves while a lesson is open. */
export const watchedPaths = (lesson: Lesson) => [
  lesson.workDir,
  join(ROOT, 'lessons', 'shop'),
  join(ROOT, '.env'),
];
