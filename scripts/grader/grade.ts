import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { MongoClient } from 'mongodb';
import { type Mongo, startMongo } from '../mongo/index.ts';
import { EnvironmentError } from '../shared/errors.ts';
import { importSource } from '../shared/import-source.ts';
import { ROOT, shown } from '../shared/paths.ts';
import { withCause } from './check/causes.ts';
import { type Check, type Step, StepFailure, StepSkipped } from './check/check.ts';
import { CheckMongo } from './check/check-mongo.ts';
import { Stage } from './check/stage.ts';
import { type AnswerSource, GradedCopy } from './graded-copy.ts';
import { editedFiles, type Lesson } from './lesson.ts';
import { ShopPool } from './shop-process/shop-pool.ts';
import { type LessonVerdict, type StepVerdict, verdictOf } from './verdict.ts';

/** After the first failed step, no step begins later than this, in milliseconds: a hanging answer ends soon. */
const LESSON_LIMIT = 20_000;
/** Safety net, in milliseconds. Steps have shorter limits of their own: one that reaches this has a mistake in its check. */
const STEP_LIMIT = 180_000;
const TOO_LATE = `not graded: the lesson took over ${LESSON_LIMIT / 1000} s. Mend the failing step first.`;

/** Grades answers. Opening one costs an engine and some processes, so it is kept for as many as there are. */
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
    // The shop's process warms up while the engine starts and the driver loads. More than one would take the cores from them.
    const pool = shared ?? new ShopPool(1);
    const [engine, { MongoClient }] = await Promise.all([startMongo(), import('mongodb')]);
    const client = new MongoClient(engine.uri);
    return new Judge(engine, client, pool, !shared, root);
  }

  /**
   * Grades one answer: all steps, each on its own. Nothing of it remains, whatever the answer does.
   * @param untilFailure leaves out the steps after the first that fails: a proof looks no further
   */
  async grade(lesson: Lesson, source: AnswerSource, { untilFailure = false } = {}): Promise<LessonVerdict> {
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
        steps.push(late ? skipped(step, TOO_LATE) : await gradeStep(step, stage, lesson, check.showsMongo));
        if (untilFailure && ['fail', 'error'].includes(verdictOf(steps))) break;
      }
    } finally {
      await stage.close();
      await mongo.close();
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
 * @throws EnvironmentError when there is no such file: that is the author's to mend
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

async function gradeStep(
  step: Step,
  stage: Stage,
  lesson: Lesson,
  showsMongo: boolean,
): Promise<StepVerdict> {
  const { id, name, play } = step;
  stage.stepBegins();
  const endless = delay(STEP_LIMIT, undefined, { ref: false }).then(() => {
    throw new Error(`the step did not come to an end within ${STEP_LIMIT / 1000} s`);
  });
  try {
    return { id, name, verdict: 'pass', proved: await Promise.race([play(stage), endless]) };
  } catch (error) {
    if (error instanceof StepSkipped) return skipped(step, error.message);
    const [unsupported] = stage.mongo.tap.refusals;
    if (unsupported !== undefined) return notGraded(step, unsupported);
    if (!(error instanceof StepFailure)) return { id, name, verdict: 'error', reason: reasonOf(error) };
    const { after, sent, got, likely, look, at, crashed, waitsFor } = await withCause(stage, error.doubt);
    return {
      id,
      name,
      verdict: 'fail',
      sent: sent ?? after?.sent ?? '',
      got: got ?? after?.got ?? '',
      ...(showsMongo ? { mongo: await stage.mongo.inWords() } : {}),
      likely,
      look: at ? stage.shownPlace(at.file, at.line) : stage.placeOf(...[look ?? []].flat()),
      ...(crashed ? { crashed } : {}),
      ...(waitsFor ? { waitsFor } : {}),
      hint: `npm run hint ${lesson.number}`,
    };
  }
}

/**
 * A step that did not pass after the embedded engine refused a command of the answer. Nobody can tell whether the answer is
 * wrong, also in a later step: what was refused, an index for example, may be what is missing there.
 */
function notGraded({ id, name }: Step, unsupported: string): StepVerdict {
  const reason = `Not graded on this engine: the answer uses ${unsupported}, which the embedded engine lacks. A real MongoDB has it.`;
  return { id, name, verdict: 'error', reason, unsupported };
}

function skipped({ id, name }: Step, reason: string): StepVerdict {
  return { id, name, verdict: 'skipped', reason };
}

/** An error of ours, not of the answer: the engine went away, or a check has a mistake. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
