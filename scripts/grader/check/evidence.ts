import type { RequestFacts, SessionCall } from '../shop-process/session-facts.ts';
import type { Exchange } from './exchange.ts';
import type { Doubt } from './failure.ts';
import type { Seen, Shopper } from './shopper.ts';
import type { Stage } from './stage.ts';

/** A request of the step, from both sides: what the shopper sent and got, and what became of req.session meanwhile. */
export interface Witnessed {
  readonly exchange: Exchange;
  readonly shopper: Shopper;
  /** Undefined when the process can no longer tell: it has ended, or is silent. */
  readonly facts: RequestFacts | undefined;
}

/** All that a step saw, for causes.ts. */
export interface Evidence {
  readonly doubt: Doubt;
  /** Every answered request since the step began, oldest first. */
  readonly requests: readonly Witnessed[];
  /** The one that the failure is about; undefined when it is about none, or about one without an answer. */
  readonly about: Witnessed | undefined;
  /** The calls of session() in the process that served last, in order. */
  readonly calls: readonly SessionCall[];
  /** What time it is in the check, in milliseconds. */
  readonly now: number;
}

/** Asks the shops of a step what they saw of its requests. */
export async function gather(stage: Pick<Stage, 'seen' | 'clock'>, doubt: Doubt): Promise<Evidence> {
  const shops = [...new Set(stage.seen.map(({ shop }) => shop))];
  const told = new Map(
    await Promise.all(shops.map(async (shop) => [shop, await shop.sessionFacts?.()] as const)),
  );
  const factsOf = ({ shop, port, exchange }: Seen) =>
    told.get(shop)?.requests.findLast((each) => each.port === port || isThrough(each, exchange));
  const requests = stage.seen.map((seen) => ({
    exchange: seen.exchange,
    shopper: seen.shopper,
    facts: factsOf(seen),
  }));
  const last = stage.seen.at(-1);
  return {
    doubt,
    requests,
    about:
      doubt.after &&
      requests.find(
        ({ exchange }) => exchange.sent === doubt.after?.sent && exchange.body === doubt.after.body,
      ),
    calls: (last && told.get(last.shop)?.calls) ?? [],
    now: stage.clock.now().getTime(),
  };
}

/** Behind a balancer no port tells which request it was, but what was asked. */
function isThrough({ port, request }: RequestFacts, { sent }: Exchange): boolean {
  return port === 0 && sent.startsWith(request);
}
