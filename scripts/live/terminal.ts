import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import chalk from 'chalk';
import { findLessons, type Lesson } from '../course/lessons.ts';
import { renderMarkdown } from '../course/markdown.ts';
import { renderHint } from '../course/render-hint.ts';
import type { TypeMistake } from '../course/types/type-errors.ts';
import { describeEngine, renderVerdict } from '../grader/report.ts';
import type { Mongo } from '../mongo/index.ts';
import { shown } from '../shared/paths.ts';
import { wrapHanging } from '../shared/wrap.ts';
import { footer } from './footer.ts';
import { CTRL_C, onKey } from './keys.ts';
import type { LessonShop } from './lesson-shop.ts';
import { Reader } from './reader.ts';
import type { Graded, RunningLesson } from './running-lesson.ts';
import { sideBySide } from './side-by-side.ts';

/** How many type errors are shown beside a verdict. */
const MOST_TYPES = 5;

/** What the keys do beyond the open lesson. */
export interface Ways {
  readonly next: () => void;
  readonly open: () => void;
  readonly quit: () => void;
}

/** An open lesson in the terminal: its text page by page, what the shop prints, the verdicts, and keys. */
export class LessonTerminal {
  readonly #engine: Mongo;
  readonly #benchUrl: string;
  readonly #reader = new Reader(process.stdout);
  readonly #giveBack: () => void;
  #running: RunningLesson | undefined;
  #ways: Ways | undefined;
  #layOut: ((name: string, line: string) => string) | undefined;
  #shown: Graded | undefined;
  #gradingSince: Date | undefined;
  #noteSaid = false;
  #types: readonly TypeMistake[] | undefined;

  constructor(engine: Mongo, benchUrl: string) {
    this.#engine = engine;
    this.#benchUrl = benchUrl;
    this.#giveBack = onKey((key) => this.#press(key));
  }

  /** Prints one line, an instance's in its column. It is kept while the text is being read. */
  readonly say = (line = '', instance?: string): void => {
    const front = instance === undefined ? '' : `${instance} ${chalk.dim('│')} `;
    this.#reader.print(instance !== undefined && this.#layOut ? this.#layOut(instance, line) : front + line);
  };

  /** A lesson begins: its text, of which a terminal shows the first page. */
  begins(lesson: Lesson): void {
    const text = readFileSync(join(lesson.dir, 'README.md'), 'utf8');
    this.say(`\n  ${chalk.bold('workbench')}  ${this.#benchUrl}`);
    this.say(
      `             ${chalk.dim('the lesson, two shoppers and an X-ray of each request, in your browser')}\n`,
    );
    const title = `Lesson ${lesson.number} of ${findLessons().length}`;
    this.#reader.open(
      (columns) => `${title}\n\n${renderMarkdown(text, columns)}\n`,
      `${title} · ${shown(lesson.dir)}/README.md`,
    );
  }

  /** The lesson has been opened. */
  shows(running: RunningLesson, ways: Ways): void {
    this.#running = running;
    this.#ways = ways;
    this.#shown = undefined;
    const { columns = 80 } = process.stdout;
    this.#layOut = running.shop.instances && sideBySide(running.shop.instances, columns);
    this.#sayNote();
    for (const line of running.sceneryWords) this.say(line);
    running.on('change', () => this.#changed(running));
  }

  /** Shown when a grading has ended, or a file was missing. */
  graded(): void {
    const running = this.#running;
    if (!running) return;
    const { databaseWords: database, shop } = running;
    const { address, instances } = shop;
    this.say(footer({ address, database, instances, bench: this.#benchUrl, more: running.sceneryWords }));
  }

  /** The lesson ends. @param next the lesson that follows; the text of the same one stays */
  ends(next: Lesson | undefined): void {
    if (next?.number !== this.#running?.lesson.number) this.#reader.close();
    this.#running = undefined;
    this.say(next ? '' : '\nClosing the shop and its database.');
  }

  close(): void {
    this.#giveBack();
  }

  /** Says once why the engine is not a mongod: the reader has seen that one was asked for. */
  #sayNote(): void {
    const { note } = this.#engine;
    if (note && !this.#noteSaid) this.say(`${wrapHanging(note, process.stdout.columns ?? 80).join('\n')}\n`);
    this.#noteSaid = true;
  }

  #changed(running: RunningLesson): void {
    const { gradingSince, graded } = running;
    if (gradingSince && gradingSince !== this.#gradingSince)
      this.say(chalk.dim(`  Grading since ${clock(gradingSince)} …`));
    this.#gradingSince = gradingSince;
    if (graded?.types && graded.types !== this.#types) this.#sayTypes(graded.types);
    if (!graded || graded === this.#shown) return;
    this.#shown = graded;
    const words = `${describeEngine(this.#engine)}, ${clock(graded.at)}`;
    this.say(renderVerdict(graded.verdict, words, process.stdout));
    if (graded.milestone) this.say(graded.milestone);
    const passed = graded.verdict.steps.filter(({ verdict }) => verdict === 'pass').length;
    this.#reader.news(`${passed} of ${graded.verdict.steps.length} steps pass`);
  }

  #sayTypes(types: readonly TypeMistake[]): void {
    this.#types = types;
    this.say(chalk.dim('  Types are not graded. What TypeScript says of your files:'));
    for (const { place, words } of types.slice(0, MOST_TYPES)) this.say(`  ${place}   ${words}`);
    if (types.length > MOST_TYPES) this.say(chalk.dim('  … npm run types   lists all.'));
  }

  async #press(key: string): Promise<void> {
    const [running, ways] = [this.#running, this.#ways];
    if (key === 'q' || key === CTRL_C) return ways?.quit();
    if (this.#reader.takes(key) || !running) return;
    const keys: Record<string, () => unknown> = {
      h: () => this.#sayHint(running),
      r: () => this.#restart(running.shop),
      k: () => running.shop.kill(),
      t: () => this.#reader.again(),
      n: () => ways?.next(),
      o: () => ways?.open(),
    };
    try {
      await keys[key]?.();
    } catch (error) {
      // An error of a key is printed, and the lesson stays open.
      this.say(chalk.bold((error as Error).message));
    }
  }

  async #restart(shop: LessonShop): Promise<void> {
    const dead = [...shop.processes].filter(([, pid]) => pid === undefined).map(([name]) => name);
    await shop.restart();
    if (!shop.instances) this.say('The old process ended. The shop runs in a new one.');
    else if (dead.length === 0)
      this.say('Each instance was asked to shut down, and opened in a new process, one after the other.');
    else
      this.say(
        `${dead.join(' and ')} did not run, and was opened. The others were asked to shut down first.`,
      );
  }

  #sayHint(running: RunningLesson): void {
    const hint = running.hint();
    this.say(
      hint
        ? renderHint(hint, process.stdout.columns ?? 80)
        : 'Every step passes. There is nothing left to hint at.',
    );
  }
}

/** '14:02:11' */
const clock = (date: Date) => date.toTimeString().slice(0, 8);
