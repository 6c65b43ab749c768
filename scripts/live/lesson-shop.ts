import { randomBytes } from 'node:crypto';
import type { Lesson } from '../course/lessons.ts';
import { Clock } from '../grader/check/clock.ts';
import type { Outside } from '../grader/shop-process/shop-messages.ts';
import type { Database } from './database.ts';
import type { LessonSetup } from './lesson-setup.ts';
import { LiveInstances } from './live-instances.ts';
import { FAVOURITE_PORT, LiveShop, type Watching } from './live-shop.ts';
import { SecondInstance } from './second-instance.ts';
import type { WatchedDatabase } from './watched-database.ts';
import type { XRay } from './workbench/xray/xray.ts';

/** Prints a line of an instance (none for the shop as a whole), or of the workshop. */
export type Say = (line: string, instance?: string) => void;

/** What a lesson's shop is opened with. */
export interface ShopParts {
  readonly lesson: Lesson;
  readonly xray: XRay;
  readonly database: Database;
  readonly setup: LessonSetup;
  readonly watched: WatchedDatabase;
  /** The names of the instances, where the lesson opens several. */
  readonly instances: readonly string[] | undefined;
  readonly say: Say;
  /** Called when there is something new to show. */
  readonly changed: () => void;
}

/** The learner's shop while its lesson is open, in one process or several, and its switches. */
export class LessonShop {
  /** The time for the shop and for its shoppers. */
  readonly clock = new Clock();
  readonly watched: WatchedDatabase;
  /** The names of the instances, where the lesson opens several. */
  readonly instances: readonly string[] | undefined;
  readonly #parts: ShopParts;
  readonly #shop: LiveShop | LiveInstances;
  #outside: Outside;
  #second: SecondInstance | undefined;
  #switched = Promise.resolve();
  #closed = false;
  #secrets = 1;

  constructor(parts: ShopParts) {
    const { lesson, watched, setup, database, instances, xray, say, changed } = parts;
    this.#parts = parts;
    this.watched = watched;
    this.instances = instances;
    // The config that the lesson sets up replaces `.env`: the shop then gets no variables.
    const env = { ...database.env };
    if (database.mongo && env.MONGODB_URI) env.MONGODB_URI = watched.config.mongodbUri;
    this.#outside = setup.config ? { config: watched.config } : { config: watched.config, env };
    const watching: Watching = { onInside: (seen) => xray.inside(seen), onChange: changed };
    this.#shop = instances
      ? new LiveInstances(
          instances,
          lesson.workDir,
          this.#outside,
          (name, line) => say(line, name),
          watching,
          ({ ports: { from, out } }) => {
            if (from !== undefined && out !== undefined) xray.passedOn(from, out);
          },
        )
      : new LiveShop(lesson.workDir, this.#outside, (line) => say(line, 'shop'), FAVOURITE_PORT, watching);
    this.#tellXRay();
  }

  get address(): string | undefined {
    return this.#shop.address;
  }

  /** The port for shoppers: the shop's, or that of the balancer in front of its instances. */
  get port(): number | undefined {
    return this.#closed ? undefined : (this.#second?.port ?? this.#shop.port);
  }

  /** The process ID of each instance, by its name; undefined when it is not open. */
  get processes(): ReadonlyMap<string, number | undefined> {
    if (this.#shop instanceof LiveInstances)
      return new Map([...this.#shop.shops].map(([name, { pid }]) => [name, pid]));
    return new Map([['A', this.#shop.pid], ...(this.#second ? [['B', this.#second.pid] as const] : [])]);
  }

  get hasSecond(): boolean {
    return this.#second !== undefined;
  }

  /** How many secrets the shop has had so far. */
  get secrets(): number {
    return this.#secrets;
  }

  /** The old processes end and new ones open, as after a save. */
  async reopen(): Promise<void> {
    await this.#shop.restart();
    await this.#second?.restart();
    this.#parts.changed();
  }

  /** The old process ends and a new one opens. Several instances: one after the other, each asked to shut down. */
  async restart(): Promise<void> {
    if (!(this.#shop instanceof LiveInstances)) return this.reopen();
    await this.#shop.restartRolling();
    this.#parts.changed();
  }

  /** Kills the shop's process, or that of the first of several instances. */
  async kill(): Promise<void> {
    if (this.#shop instanceof LiveInstances) await this.#shop.killFirst();
    else if (!(await this.#shop.kill())) this.#parts.say('It is not running. A restart opens it again.');
    this.#parts.changed();
  }

  /** Opens a second instance beside the first, behind a balancer; or closes it. Several calls run one after the other. */
  switchSecond(): Promise<void> {
    this.#switched = this.#switched.catch(() => {}).then(() => this.#switchSecond());
    return this.#switched;
  }

  async #switchSecond(): Promise<void> {
    if (this.#shop instanceof LiveInstances || this.#closed) return;
    const { lesson, xray, say, changed } = this.#parts;
    const open = this.#second;
    this.#second = undefined;
    if (open) await open.close();
    else {
      this.#second = await SecondInstance.beside(this.#shop, lesson.workDir, this.#outside, xray, say);
      await this.#second.restart();
    }
    changed();
  }

  /** Gives the shop a new secret, with the old one as a previous secret, in a new process. */
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
    await this.reopen();
  }

  /** Time passes for shop, shoppers and database. @returns how many documents and keys the database removed */
  async timePasses(ms: number): Promise<number> {
    this.clock.passes(ms);
    await this.#shop.setClockAhead(this.clock.ahead);
    await this.#second?.setClockAhead(this.clock.ahead);
    const removed = await this.watched.timePasses(ms, this.clock.now());
    this.#parts.changed();
    return removed;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#shop.close(), this.#second?.close()]);
    // A second instance that was opening is open now.
    await this.#switched.catch(() => {});
    await this.#second?.close();
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
