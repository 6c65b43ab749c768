import { Balancer } from '../grader/balancer.ts';
import type { Outside } from '../grader/shop-process/shop-messages.ts';
import { LiveShop } from './live-shop.ts';
import type { XRay } from './workbench/xray/xray.ts';

/** A second instance of a lesson's one shop, and the balancer that sends shoppers to both in turns. */
export class SecondInstance {
  readonly #first: LiveShop;
  readonly #shop: LiveShop;
  readonly #balancer: Balancer;

  private constructor(first: LiveShop, shop: LiveShop, balancer: Balancer) {
    this.#first = first;
    this.#shop = shop;
    this.#balancer = balancer;
  }

  /** Puts the balancer in front of the first instance. The second one opens by `restart`. */
  static async beside(
    first: LiveShop,
    dir: string,
    outside: Outside,
    xray: XRay,
    say: (line: string, instance?: string) => void,
  ): Promise<SecondInstance> {
    const watching = { onInside: xray.inside.bind(xray) };
    const shop = new LiveShop(dir, named(outside), (line) => say(line, 'B'), 'any', watching);
    const balancer = await Balancer.open({
      onPassed: ({ ports: { from, out } }) => {
        if (from !== undefined && out !== undefined) xray.passedOn(from, out);
      },
    });
    return new SecondInstance(first, shop, balancer);
  }

  /** The balancer's port. */
  get port(): number {
    return this.#balancer.port;
  }

  get pid(): number | undefined {
    return this.#shop.pid;
  }

  tell(outside: Outside): void {
    this.#shop.tell(named(outside));
  }

  setClockAhead(ms: number): Promise<void> {
    return this.#shop.setClockAhead(ms);
  }

  /** Opens it in a new process. Puts the first one in again, too: it may have a new port. */
  async restart(): Promise<void> {
    this.#balancer.takeOut('B');
    this.#putIn('A', this.#first);
    await this.#shop.restart();
    this.#putIn('B', this.#shop);
  }

  #putIn(name: string, { port }: LiveShop): void {
    if (port !== undefined) this.#balancer.putIn(name, port);
  }

  async close(): Promise<void> {
    await Promise.all([this.#balancer.close(), this.#shop.close()]);
  }
}

const named = (outside: Outside): Outside => ({ ...outside, config: { ...outside.config, instance: 'B' } });
