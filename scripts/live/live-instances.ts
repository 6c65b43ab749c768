import { Balancer, type Passed } from '../grader/balancer.ts';
import type { Outside } from '../grader/shop-process/shop-messages.ts';
import { freePort } from '../shared/free-port.ts';
import { FAVOURITE_PORT, LiveShop, type Watching } from './live-shop.ts';

/** Several instances of the learner's shop while a lesson is open, behind a balancer without stickiness: one address for all. */
export class LiveInstances {
  readonly #shops: ReadonlyMap<string, LiveShop>;
  readonly #say: (instance: string, line: string) => void;
  readonly #onPassed: (passed: Passed) => void;
  #balancer: Balancer | undefined;
  #restarted = Promise.resolve();

  /**
   * @param say prints one line about an instance, or one that it printed
   * @param onPassed called with each request that the balancer has passed on
   */
  constructor(
    names: readonly string[],
    dir: string,
    outside: Outside,
    say: (instance: string, line: string) => void,
    watching: Watching = {},
    onPassed: (passed: Passed) => void = () => {},
  ) {
    this.#say = say;
    this.#onPassed = onPassed;
    this.#shops = new Map(
      names.map((name) => {
        const told = { ...outside, config: { ...outside.config, instance: name } };
        return [name, new LiveShop(dir, told, (line) => say(name, line), 'any', watching)];
      }),
    );
  }

  /** The balancer's port; undefined while no instance is open. */
  get port(): number | undefined {
    const isOpen = [...this.#shops.values()].some(({ port }) => port !== undefined);
    return isOpen ? this.#balancer?.port : undefined;
  }

  /** Where the balancer is; undefined while no instance is open. */
  get address(): string | undefined {
    return this.port === undefined ? undefined : `http://localhost:${this.port}`;
  }

  /** By name. */
  get shops(): ReadonlyMap<string, LiveShop> {
    return this.#shops;
  }

  /** Sets what the next processes get from outside. */
  tell(outside: Outside): void {
    for (const [instance, shop] of this.#shops)
      shop.tell({ ...outside, config: { ...outside.config, instance } });
  }

  async setClockAhead(ms: number): Promise<void> {
    await Promise.all([...this.#shops.values()].map((shop) => shop.setClockAhead(ms)));
  }

  /** Opens each instance in a new process, one after the other. The old ones are killed. */
  restart(): Promise<void> {
    return this.#each(async () => {});
  }

  /** A rolling restart: one instance after the other gets no more requests, closes by itself, and opens in a new process. */
  restartRolling(): Promise<void> {
    return this.#each((shop) => shop.retire());
  }

  /** Kills the first instance. The balancer does not know. Prints a line when it does not run. */
  async killFirst(): Promise<void> {
    const [[name, first] = []] = this.#shops;
    if (name && !(await first?.kill())) this.#say(name, 'It is not running. A restart opens it again.');
  }

  async close(): Promise<void> {
    await Promise.all([...this.#shops.values()].map((shop) => shop.close()));
    // A running restart opens only the balancer now.
    await this.#restarted.catch(() => {});
    await this.#balancer?.close();
  }

  /** Restarts run one after the other: a second one waits for the first. */
  #each(before: (shop: LiveShop) => Promise<void>): Promise<void> {
    this.#restarted = this.#restarted
      .catch(() => {})
      .then(async () => {
        const balancer = await this.#opened();
        for (const [name, shop] of this.#shops) {
          balancer.takeOut(name);
          await before(shop);
          await shop.restart();
          if (shop.port) balancer.putIn(name, shop.port);
        }
      });
    return this.#restarted;
  }

  async #opened(): Promise<Balancer> {
    this.#balancer ??= await Balancer.open({
      port: await freePort(FAVOURITE_PORT),
      onPassed: (passed) => {
        this.#onPassed(passed);
        this.#sayPassed(passed);
      },
    });
    return this.#balancer;
  }

  #sayPassed({ by, method, path, status }: Passed): void {
    // No lines for stylesheets and pictures.
    if (!/\.\w+$/.test(path)) this.#say(by, `${method} ${path}   ${status ?? 'broke off'}`);
  }
}
