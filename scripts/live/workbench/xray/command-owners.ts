import type { SeenCommand, SeenExchange } from './exchange.ts';
import { sessionIdsOf } from './session-cookie.ts';

/** How many commands without an exchange are kept. */
const MOST_UNCLAIMED = 40;

/** A command, the sessions that it is about, and when it was received, in milliseconds of `performance.now()`. */
export interface SentCommand {
  readonly command: Omit<SeenCommand, 'late'>;
  readonly ids: readonly string[];
  readonly at: number;
}

/** Finds the exchange that a command of the shop belongs to: the one that is about the same session. */
export class CommandOwners {
  /** When each exchange began, in milliseconds of `performance.now()`: the shop's clock may jump. */
  readonly #began = new WeakMap<SeenExchange, number>();
  /** Commands about a session that no exchange names yet: a new one, while several requests run. */
  #unclaimed: SentCommand[] = [];

  begins(exchange: SeenExchange): void {
    this.#began.set(exchange, performance.now());
  }

  /** The exchange that a command is about, a running one before one that has ended. Without one the command is kept until an exchange claims it. */
  ownerOf(command: SentCommand, exchanges: readonly SeenExchange[]): SeenExchange | undefined {
    const own = exchanges.filter((each) => !each.isAsset && this.#mayOwn(each, command));
    const owner = own.find(({ ms }) => ms === undefined) ?? own[0];
    if (!owner && command.ids.length > 0)
      this.#unclaimed = [...this.#unclaimed, command].slice(-MOST_UNCLAIMED);
    return owner;
  }

  /** A new session's ID is known when its cookie comes back, or when the shop's process has reported. Its commands came before. */
  claimedBy(exchange: SeenExchange): SentCommand[] {
    const claimed = this.#unclaimed.filter((each) => this.#mayOwn(exchange, each));
    this.#unclaimed = this.#unclaimed.filter((each) => !claimed.includes(each));
    return claimed;
  }

  /** A command that was received before a request is not the request's. */
  #mayOwn(exchange: SeenExchange, { ids, at }: SentCommand): boolean {
    return at >= (this.#began.get(exchange) ?? 0) && idsOf(exchange).some((id) => ids.includes(id));
  }
}

/** The session IDs that an exchange is about: those of its cookies, and that of a session without a cookie. */
export function idsOf(exchange: SeenExchange): string[] {
  return [...sessionIdsOf(exchange), ...(exchange.inside?.id ? [exchange.inside.id] : [])];
}
