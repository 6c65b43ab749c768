import { existsSync } from 'node:fs';
import type { MongoClient } from 'mongodb';
import { type Mongo, startMongo } from '../mongo/index.ts';
import { EnvironmentError } from '../shared/errors.ts';
import { importSource } from '../shared/import-source.ts';
import { ROOT, shown } from '../shared/paths.ts';
import { stepWithChange } from './changed-files.ts';
import type { Check } from './check/check.ts';
import { CheckMongo } from './check/check-mongo.ts';
import { Stage } from './check/stage.ts';
import { gradeStep, skipped } from './grade-step.ts';
import { type AnswerSource, GradedCopy } from './graded-copy.ts';
import { editedFiles, type Lesson } from './lesson.ts';
import { ShopPool } from './shop-process/shop-pool.ts';
import { type LessonVerdict, type StepVerdict, verdictOf } from './verdict.ts';
import type { EndOfAnswer, WorkshopFiles } from './workshop-files.ts';

/** After the first failed step, no step begins later than this, in milliseconds: a hanging answer ends soon. */
const LESSON_LIMIT = 20_000;
/** Where an answer writes files, or starts a process that may. */
const WRITES =
  /\b(?:write|append|copy|rename|unlink|rm|truncate|cp)\w*\(|createWriteStream|spawn|exec|fork\(/;

interface GradeOptions {
  readonly untilFailure?: boolean;
  readonly files?: WorkshopFiles | undefined;
}

/** Grades answers. Opening one costs an engine and some processes, so one judge grades many answers. */
export class Judge {
  readonly engine: Mongo;
  readonly #client: MongoClient;
  readonly #pool: ShopPool;
  readonly #ownsPool: boolean;
  readonly #root: string;

  private constructor(engine: Mongo, client: MongoClient, pool: ShopPool, ownsPool: boolean, root: string) {
    this.engine = engine;
    this.#client = client;
    this.#pool = pool;
    this.#ownsPool = ownsPool;
    this.#root = root;
  }

  /**
   * @param shared the pool of several judges, which stays when this one is closed
   * @throws EngineError when there is no database to grade on
   */
  static async open(root = ROOT, shared?: ShopPool): Promise<Judge> {
    // The shop's process warms up while the engine starts and the driver loads. More than one would slow both down.
    const pool = shared ?? new ShopPool(1);
    const [engine, { MongoClient }] = await Promise.all([
      startMongo(undefined, ROOT, { sweepsItself: false }),
      import('mongodb'),
    ]);
    const client = new MongoClient(engine.uri);
    return new Judge(engine, client, pool, !shared, root);
  }

  /**
   * Grades one answer: all steps, each on its own. Afterwards no process and no copy of it remains.
   * @param options untilFailure: leaves out the steps after the first that fails, for proofs. files: the
   * workshop's own, which are put back when the answer changes them
   */
  async grade(lesson: Lesson, source: AnswerSource, options: GradeOptions = {}): Promise<LessonVerdict> {
    const { untilFailure = false, files } = options;
    // Before the first await: in an open lesson the same answer begins to serve now.
    const ended = files?.begin();
    try {
      return await this.#grade(lesson, source, untilFailure, ended);
    } finally {
      ended?.();
    }
  }

  async #grade(
    lesson: Lesson,
    source: AnswerSource,
    untilFailure: boolean,
    ended: EndOfAnswer | undefined,
  ): Promise<LessonVerdict> {
    const began = performance.now();
    const check = await loadCheck(lesson);
    if (!check) throw new EnvironmentError(`${shown(lesson.checkFile, this.#root)} exports no check.`);
    const copy = new GradedCopy(lesson, source, this.#root);
    const mongo = await CheckMongo.open(this.engine, this.#client);
    const stage = new Stage(copy, editedFiles(lesson), mongo, () => this.#pool.take());
    const steps: StepVerdict[] = [];
    try {
      for (const step of check.steps) {
        const late = verdictOf(steps) === 'fail' && performance.now() - began > LESSON_LIMIT;
        steps.push(
          late ? skipped(step, tooLate(steps)) : await gradeStep(step, stage, lesson, check.showsMongo),
        );
        if (untilFailure && ['fail', 'error'].includes(verdictOf(steps))) break;
      }
    } finally {
      await stage.close();
      await mongo.close();
      const change = ended?.();
      const [first] = steps;
      if (change && first)
        steps[0] = stepWithChange(first, change, { number: lesson.number, look: stage.placeOf([WRITES]) });
      copy.remove();
    }
    const verdict = verdictOf(steps);
    return {
      number: lesson.number,
      slug: lesson.slug,
      title: lesson.title,
      answer: shown(source.shownAs, this.#root),
      verdict,
      ...(verdict === 'pass' && lesson.why ? { why: lesson.why } : {}),
      ms: Math.round(performance.now() - began),
      steps,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#ownsPool && this.#pool.close(), this.#client.close()]);
    await this.engine.stop();
  }
}

/**
 * The lesson's check; undefined when its file exports none.
 * @throws EnvironmentError when there is no such file: the author mends that
 */
export async function loadCheck(lesson: Lesson): Promise<Check | undefined> {
  if (!existsSync(lesson.checkFile)) {
    throw new EnvironmentError(
      `Lesson ${lesson.number} has no check: ${shown(lesson.checkFile)} is missing.`,
    );
  }
  const { default: check } = (await importSource(lesson.checkFile)) as { default?: Check };
  return check;
}

/** Why a step was not graded: no time was left. */
function tooLate(steps: readonly StepVerdict[]): string {
  const failed = steps.find(({ verdict }) => verdict === 'fail')?.id;
  return `not graded: time ran out, for the lesson took over ${LESSON_LIMIT / 1000} s. Mend ${failed} first.`;
}
