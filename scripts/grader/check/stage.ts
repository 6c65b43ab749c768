import { randomBytes } from 'node:crypto';
import type { ShopConfig } from '#shop/config.ts';
import { refusedUri } from '../../mongo/refused.ts';
import type { GradedCopy } from '../graded-copy.ts';
import type { RequestFacts, SessionCall } from '../shop-process/session-facts.ts';
import type { Outside } from '../shop-process/shop-messages.ts';
import type { ShopProcess } from '../shop-process/shop-process.ts';
import type { CheckMongo } from './check-mongo.ts';
import { Clock } from './clock.ts';
import { linesOfRoute } from './route-lines.ts';
import { RunningShop } from './running-shop.ts';
import { type Seen, Shopper, type VisitedShop } from './shopper.ts';
import { TimeLimits } from './time-limits.ts';

/** How long a shop may wait for its database, in milliseconds. Long, because on a busy machine a database that is there may be slow. */
const DATABASE_TIMEOUT_MS = 30_000;

type Changed<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** What a step plays on: the answer's shop, shoppers, and the Mongo behind it. */
export class Stage {
  readonly mongo: CheckMongo;
  /** What the shop was opened with. The secret is new for each check: an answer cannot know it beforehand. */
  readonly config: ShopConfig;
  readonly shop: RunningShop;
  readonly #copy: GradedCopy;
  readonly #files: readonly string[];
  readonly #nextProcess: () => ShopProcess;
  readonly #timeLimits = new TimeLimits();
  /** What time it is for the shops, and for the cookies of the shoppers. */
  readonly clock = new Clock();
  readonly #others: RunningShop[] = [];
  #seen: Seen[] = [];
  /** What a failing step tells of the Redis that it plays on. Each step sets it anew. */
  describeRedis: (() => Promise<string>) | undefined;
  readonly #releases: (() => Promise<void>)[] = [];

  /** @param files the files a learner edits in this lesson, by name */
  constructor(copy: GradedCopy, files: readonly string[], mongo: CheckMongo, nextProcess: () => ShopProcess) {
    this.mongo = mongo;
    const sessionSecret = randomBytes(32).toString('hex');
    this.config = { mongodbUri: mongo.uri, sessionSecret, databaseTimeoutMs: DATABASE_TIMEOUT_MS };
    this.shop = new RunningShop(copy, { config: this.config }, nextProcess, this.#timeLimits, this.clock);
    this.#copy = copy;
    this.#files = files;
    this.#nextProcess = nextProcess;
  }

  /**
   * A new browser: no cookies yet.
   * @param headers added to each of its requests: those of a proxy, or forged ones
   */
  shopper(
    name: string,
    shop: VisitedShop = this.shop,
    headers: Readonly<Record<string, string>> = {},
  ): Shopper {
    return new Shopper(name, shop, headers, (seen) => this.sees(seen));
  }

  /** Every request of a shopper since the step began that was answered, oldest first. */
  get seen(): readonly Seen[] {
    return this.#seen;
  }

  /** Adds a request that no shopper sent to the evidence. */
  sees(seen: Seen): void {
    this.#seen.push(seen);
  }

  /** A step begins: what was seen before is no evidence for it. */
  stepBegins(): void {
    this.#seen = [];
    this.describeRedis = undefined;
    this.mongo.tap.forget();
  }

  /**
   * The same answer in a process of its own, with another configuration, other variables or a DNS server. It is
   * closed after the check.
   * @param config what differs; what is undefined is left out
   */
  otherShop(config: Changed<ShopConfig>, told: Omit<Outside, 'config'> = {}): RunningShop {
    const shop = new RunningShop(
      this.#copy,
      { config: changed(this.config, config), ...told },
      this.#nextProcess,
      this.#timeLimits,
      this.clock,
    );
    this.#others.push(shop);
    return shop;
  }

  /** Time passes for every shop and shopper. It does not run Mongo's clean-up, which is `mongo.sweep(clock.now())`. */
  async timePasses(ms: number): Promise<void> {
    this.clock.passes(ms);
    await Promise.all([this.shop, ...this.#others].map((shop) => shop.hearsTime()));
  }

  /** Registers what releases a step's resources, once the check is over and its shops are closed. */
  afterwards(release: () => Promise<void>): void {
    this.#releases.push(release);
  }

  /** A connection string to `shop` where no database answers. */
  async databaseAway(): Promise<string> {
    const { uri, release } = await refusedUri();
    this.afterwards(release);
    return `${uri}shop`;
  }

  /** The options of the shop's first session() call; undefined when there was none, or the shop cannot tell any more. It chooses words, never a verdict. */
  async sessionCall(): Promise<SessionCall | undefined> {
    return (await this.shop.sessionFacts())?.calls[0];
  }

  /**
   * What happened to req.session in the last request of this kind; undefined when the shop can no longer tell. It chooses words, never a
   * verdict.
   * @param request 'POST /logout'
   */
  async factsOf(request: string): Promise<RequestFacts | undefined> {
    const facts = await this.shop.sessionFacts();
    return facts?.requests.findLast((each) => each.request === request);
  }

  /** Every non-empty string in the answer's code, each once. */
  stringsInCode(): string[] {
    const strings = this.#files.flatMap((file) =>
      [...this.#code(file).matchAll(/(['"`])((?:(?!\1).)+)\1/g)].map(([, , text = '']) => text),
    );
    return [...new Set(strings)];
  }

  /**
   * The first place in the answer that matches one of the patterns, as shown: 'work/…/app.ts:31'.
   * @param sent the request that it is about, 'POST /cart product=mug': a match in its route comes before one elsewhere
   */
  placeOf(patterns: readonly RegExp[], sent?: string): string {
    // The files that a lesson edits come first, then those that an answer changed elsewhere. A line that imports a name does nothing with it: it
    // is shown when no other matches.
    for (const isShown of [isNoImport, () => true])
      for (const files of [this.#files, this.#copy.ownFiles()])
        for (const pattern of patterns)
          for (const isInRoute of sent === undefined ? [false] : [true, false])
            for (const file of files) {
              const lines = this.#code(file).split('\n');
              const among = isInRoute ? linesOfRoute(lines, sent ?? '') : lines.keys();
              for (const i of among) {
                const line = lines[i] ?? '';
                if (isShown(line) && pattern.test(line)) return this.#copy.shown(file, i + 1);
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

const isNoImport = (line: string) => !/^\s*(?:import\b|\} from\b)/.test(line);

/** The text with comments blanked out, line for line: a word in a TODO is not code. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|\s)\/\/.*$/gm, '$1');
}

function changed<T extends object>(from: T, config: Changed<T>): T {
  const fields = Object.entries({ ...from, ...config }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as T;
}
