import { randomBytes } from 'node:crypto';
import type { ShopConfig } from '#shop/config.ts';
import { refusedUri } from '../../mongo/refused.ts';
import type { GradedCopy } from '../graded-copy.ts';
import type { SessionCall } from '../shop-process/session-facts.ts';
import type { Outside } from '../shop-process/shop-messages.ts';
import type { ShopProcess } from '../shop-process/shop-process.ts';
import type { CheckMongo } from './check-mongo.ts';
import { Clock } from './clock.ts';
import { Patience } from './patience.ts';
import { RunningShop } from './running-shop.ts';
import { type Door, type Seen, Shopper } from './shopper.ts';

/** What a step plays on: the answer's shop, shoppers, and the Mongo behind it. */
export class Stage {
  readonly mongo: CheckMongo;
  /** What the shop was opened with. The secret is new for each check: an answer cannot know it beforehand. */
  readonly config: ShopConfig;
  readonly shop: RunningShop;
  readonly #copy: GradedCopy;
  readonly #files: readonly string[];
  readonly #nextProcess: () => ShopProcess;
  readonly #patience = new Patience();
  /** What time it is for the shops, and for the cookies of the shoppers. */
  readonly clock = new Clock();
  readonly #others: RunningShop[] = [];
  #seen: Seen[] = [];
  readonly #releases: (() => Promise<void>)[] = [];

  /** @param files the files a learner edits in this lesson, by name */
  constructor(copy: GradedCopy, files: readonly string[], mongo: CheckMongo, nextProcess: () => ShopProcess) {
    this.mongo = mongo;
    this.config = { mongodbUri: mongo.uri, sessionSecret: randomBytes(32).toString('hex') };
    this.shop = new RunningShop(copy, { config: this.config }, nextProcess, this.#patience, this.clock);
    this.#copy = copy;
    this.#files = files;
    this.#nextProcess = nextProcess;
  }

  /**
   * A new browser: no cookies yet.
   * @param headers what goes along with each of its requests: of a proxy in between, or lies
   */
  shopper(name: string, shop: Door = this.shop, headers: Readonly<Record<string, string>> = {}): Shopper {
    return new Shopper(name, shop, headers, (seen) => this.#seen.push(seen));
  }

  /** Every request of a shopper since the step began that was answered, oldest first. */
  get seen(): readonly Seen[] {
    return this.#seen;
  }

  /** A step begins: what was seen before is no evidence for it. */
  stepBegins(): void {
    this.#seen = [];
    this.mongo.tap.forget();
  }

  /**
   * The same answer in a process of its own, with another configuration, or told something else from outside. It is
   * closed after the check.
   */
  otherShop(config: Partial<ShopConfig>, told: Omit<Outside, 'config'> = {}): RunningShop {
    const shop = new RunningShop(
      this.#copy,
      { config: { ...this.config, ...config }, ...told },
      this.#nextProcess,
      this.#patience,
      this.clock,
    );
    this.#others.push(shop);
    return shop;
  }

  /** Time passes for every shop and shopper. Mongo's clean-up is another matter: `mongo.sweep(clock.now())`. */
  async timePasses(ms: number): Promise<void> {
    this.clock.passes(ms);
    await Promise.all([this.shop, ...this.#others].map((shop) => shop.hearsTime()));
  }

  /** Takes down what a step set up, once the check is over and its shops are closed. */
  afterwards(release: () => Promise<void>): void {
    this.#releases.push(release);
  }

  /** A connection string to `shop` where no database answers. */
  async databaseAway(): Promise<string> {
    const { uri, release } = await refusedUri();
    this.afterwards(release);
    return `${uri}shop`;
  }

  /** How the shop called session(), the first time; undefined when it did not, or can no longer tell. It chooses words, never a verdict. */
  async sessionCall(): Promise<SessionCall | undefined> {
    return (await this.shop.sessionFacts())?.calls[0];
  }

  /**
   * What became of req.session in the last request of this kind, in order: see RequestFacts. It chooses words, never a verdict.
   * @param request 'POST /logout'
   */
  async eventsOf(request: string): Promise<readonly string[]> {
    const facts = await this.shop.sessionFacts();
    return facts?.requests.findLast((each) => each.request === request)?.events ?? [];
  }

  /** Whether the answer's files say this somewhere: chooses between explanations, never decides a verdict. */
  says(pattern: RegExp): boolean {
    return this.#files.some((file) => pattern.test(this.#code(file)));
  }

  /** Every non-empty string that stands in the answer's code, each once. */
  stringsInCode(): string[] {
    const strings = this.#files.flatMap((file) =>
      [...this.#code(file).matchAll(/(['"`])((?:(?!\1).)+)\1/g)].map(([, , text = '']) => text),
    );
    return [...new Set(strings)];
  }

  /** The first place in the answer that matches one of the patterns, as shown: 'lessons/…/app.ts:31'. */
  placeOf(...patterns: readonly RegExp[]): string {
    // The files that a lesson edits come first. What an answer changed elsewhere is its own as well.
    for (const files of [this.#files, this.#copy.ownFiles()]) {
      for (const pattern of patterns) {
        for (const file of files) {
          const line = this.#code(file)
            .split('\n')
            .findIndex((text) => pattern.test(text));
          if (line !== -1) return this.#copy.shown(file, line + 1);
        }
      }
    }
    return this.#copy.shown(this.#files[0] ?? 'app.ts');
  }

  /** How a place in the answer is shown. */
  shownPlace(file: string, line?: number): string {
    return this.#copy.shown(file, line);
  }

  /** The text of one of the answer's files, without its comments. */
  #code(file: string): string {
    return withoutComments(this.#copy.read(file));
  }

  async close(): Promise<void> {
    await Promise.all([this.shop, ...this.#others].map((shop) => shop.close()));
    await Promise.all(this.#releases.map((release) => release()));
  }
}

/** The text with comments blanked out, line for line: a word in a TODO is not code. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|\s)\/\/.*$/gm, '$1');
}
