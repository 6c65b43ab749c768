import type { RequestFacts, SessionCall } from '../shop-process/session-facts.ts';
import type { Exchange } from './exchange.ts';
import type { FailureDetails } from './failure.ts';
import type { Seen, Shopper } from './shopper.ts';
import type { Stage } from './stage.ts';

/** A request of the step, from both sides: what the shopper sent and got, and what happened to req.session meanwhile. */
export interface Witnessed {
  readonly exchange: Exchange;
  readonly shopper: Shopper;
  /** When it was sent, in milliseconds. */
  readonly sentAt: number;
  /** Undefined when the process has ended or is silent. */
  readonly facts: RequestFacts | undefined;
}

/** All that a step saw, for causes.ts. */
export interface Evidence {
  readonly details: FailureDetails;
  /** Every answered request since the step began, oldest first. */
  readonly requests: readonly Witnessed[];
  /** The request that the failure is about; undefined when there is none, or none that was answered. */
  readonly about: Witnessed | undefined;
  /** The calls of session() in the process that served last, in order. */
  readonly calls: readonly SessionCall[];
  /** Whether the check made the database answer with this error. */
  readonly isPlayed: (message: string) => boolean;
}

/** Asks the shops of a step what they saw of its requests. */
export async function gather(
  stage: Pick<Stage, 'seen' | 'mongo'>,
  details: FailureDetails,
): Promise<Evidence> {
  const shops = [...new Set(stage.seen.map(({ shop }) => shop))];
  const told = new Map(
    await Promise.all(shops.map(async (shop) => [shop, await shop.sessionFacts?.()] as const)),
  );
  const factsOf = ({ shop, port, exchange }: Seen) =>
    told.get(shop)?.requests.findLast((each) => each.port === port || isThrough(each, exchange));
  const requests = stage.seen.map((seen) => ({
    exchange: seen.exchange,
    shopper: seen.shopper,
    sentAt: seen.sentAt,
    facts: factsOf(seen),
  }));
  const last = stage.seen.at(-1);
  return {
    details,
    requests,
    about:
      details.after &&
      requests.find(
        ({ exchange }) => exchange.sent === details.after?.sent && exchange.body === details.after.body,
      ),
    isPlayed: (message) => stage.mongo.tap.played.some((each) => message.includes(each)),
    calls: (last && told.get(last.shop)?.calls) ?? [],
  };
}

/** Behind a balancer the port does not identify a request: compares method and path. */
function isThrough({ port, request }: RequestFacts, { sent }: Exchange): boolean {
  return port === 0 && sent.startsWith(request);
}
