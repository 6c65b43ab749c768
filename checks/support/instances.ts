import { Balancer, BROKE_OFF, SERVED_BY } from '#grader/balancer.ts';
import type { StepFailure } from '#grader/check/check.ts';
import type { Clock } from '#grader/check/clock.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import { sendRequest } from '#grader/check/send-request.ts';
import type { VisitedShop } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { TimeLimits } from '#grader/check/time-limits.ts';
import type { SessionFacts } from '#grader/shop-process/session-facts.ts';
import { startTap, type Tap } from '../../scripts/mongo/tap.ts';

/** One of several processes that serve the same shop. */
export interface Instance {
  readonly name: string;
  readonly shop: RunningShop;
  /** Its own tap in front of the MongoDB that all of them share. */
  readonly tap: Tap;
}

/** Two instances of the answer behind a balancer without stickiness. For a shopper they are one shop. */
export class Instances implements VisitedShop {
  readonly a: Instance;
  readonly b: Instance;
  readonly timeLimits: TimeLimits;
  readonly clock: Clock;
  readonly #balancer: Balancer;

  private constructor(a: Instance, b: Instance, balancer: Balancer) {
    this.a = a;
    this.b = b;
    this.timeLimits = a.shop.timeLimits;
    this.clock = a.shop.clock;
    this.#balancer = balancer;
  }

  static async open(stage: Stage): Promise<Instances> {
    const balancer = await Balancer.open();
    const instance = async (name: string) => {
      const tap = await startTap(stage.mongo.tap.uri);
      const config = { instance: name, mongodbUri: `${tap.uri}shop` };
      return { name, tap, shop: stage.otherShop(config) };
    };
    const [a, b] = await Promise.all([instance('A'), instance('B')]);
    stage.afterwards(async () => {
      await Promise.all([balancer.close(), a.tap.stop(), b.tap.stop()]);
    });
    return new Instances(a, b, balancer);
  }

  /** Opens an instance that is not open, and adds it to the balancer. */
  async putIn({ name, shop }: Instance): Promise<void> {
    this.#balancer.putIn(name, Number(new URL(await shop.opened()).port));
  }

  /** Removes it from the balancer. Resolves when all its requests have arrived there. */
  async takeOut({ name, shop }: Instance): Promise<void> {
    const url = await shop.opened();
    this.#balancer.takeOut(name);
    // Connections are accepted in their order, and this is the last one.
    const limit = this.timeLimits.responseMs;
    await sendRequest(new URL('/shop.css', url), { method: 'GET', limit }).catch(() => {});
  }

  /** The balancer's address. It opens no instance: the step opens and closes them. */
  opened(): Promise<string> {
    return Promise.resolve(`http://127.0.0.1:${this.#balancer.port}`);
  }

  /** Always 0: the two instances have no common position in their output. */
  readonly printed = 0;

  /** The failure of a step that got an error page, from the instance that sent it. */
  refusal(exchange: Exchange, printedBefore: number): Promise<StepFailure> {
    const { shop } = this.#servedBy(exchange);
    // The balancer answered: an instance broke off, or none is there.
    if (exchange.headers[BROKE_OFF] || !servedBy(exchange))
      return shop.silence(exchange.sent, new Error(exchange.body.trim()));
    return shop.refusal(exchange, printedBefore);
  }

  /** What both saw. The ports are 0: the connections are the balancer's, not a shopper's. */
  async sessionFacts(): Promise<SessionFacts> {
    const told = await Promise.all([this.a, this.b].map(({ shop }) => shop.sessionFacts()));
    return {
      calls: told.flatMap((each) => each?.calls ?? []),
      requests: told.flatMap((each) => each?.requests ?? []).map((each) => ({ ...each, port: 0 })),
      waitingFor: told.flatMap((each) => each?.waitingFor ?? []),
      unreached: told.flatMap((each) => each?.unreached ?? []),
    };
  }

  /** The failure of a step that got no answer, from the instance that waits for something, or hangs. */
  async silence(sent: string, error: Error): Promise<StepFailure> {
    const { shop } = this.b;
    const facts = await shop.sessionFacts();
    const isOfB = !shop.hasEnded && facts?.waitingFor.length !== 0;
    return (isOfB ? shop : this.a.shop).silence(sent, error);
  }

  #servedBy(exchange: Exchange): Instance {
    return servedBy(exchange) === this.b.name ? this.b : this.a;
  }
}

const opened = new WeakMap<Stage, Promise<Instances>>();

/** The instances of this stage, both open. Steps share them: each costs a process. */
export async function instancesOf(stage: Stage): Promise<Instances> {
  const opening = opened.get(stage) ?? Instances.open(stage);
  opened.set(stage, opening);
  const both = await opening;
  await Promise.all([both.a, both.b].map(({ shop }) => shop.opened()));
  // In this order, so that A gets the first request.
  for (const instance of [both.a, both.b]) await both.putIn(instance);
  return both;
}

/** The name of the instance that answered; undefined when the request did not come through the balancer. */
export function servedBy({ headers }: Exchange): string | undefined {
  return headers[SERVED_BY];
}
