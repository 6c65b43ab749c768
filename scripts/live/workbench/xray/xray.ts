import type { InsideReport } from '../../../grader/shop-process/shop-messages.ts';
import type { DroppedLine, NamedSecret, SeenCommand, SeenExchange, StoredSession } from './exchange.ts';
import { parsed } from './parsed.ts';
import { sessionIdsOf } from './session-cookie.ts';

/** How many exchanges are kept, and how many commands of one. */
const MOST_EXCHANGES = 100;
const MOST_COMMANDS = 40;

/** Where sessions are read beside the shop. */
export interface SessionReader {
  read(id: string): Promise<StoredSession | undefined>;
}

/** What a shopper's browser did with an answer. */
export interface Taken {
  readonly dropped: readonly DroppedLine[];
  /** When the session cookie ends, in milliseconds; undefined when it ends with the browser. */
  readonly cookieEnds: number | undefined;
}

/** All that was seen of the last requests. It watches, and holds nothing up but for reading a session before and after. */
export class XRay {
  readonly #exchanges: SeenExchange[] = [];
  /** Those whose shop has not reported yet, by the port that their request came from. */
  readonly #byPort = new Map<number, SeenExchange>();
  readonly #changed: (exchange: SeenExchange) => void;
  readonly #now: () => number;
  #secrets: readonly NamedSecret[] = [];
  /** Commands about a session that no exchange names yet: a new one, while several requests run. */
  #unclaimed: { readonly command: Omit<SeenCommand, 'late'>; readonly ids: readonly string[] }[] = [];
  #reader: SessionReader | undefined;
  #count = 0;

  /**
   * @param changed is called whenever more of an exchange is known
   * @param now the clock of the shop, in milliseconds
   */
  constructor(changed: (exchange: SeenExchange) => void, now: () => number) {
    this.#changed = changed;
    this.#now = now;
  }

  /** What the shop was told, and where its sessions are read; no reader for a database that is none of ours. */
  about(secrets: readonly NamedSecret[], reader: SessionReader | undefined): void {
    this.#secrets = secrets;
    this.#reader = reader;
  }

  /** Newest first. */
  get exchanges(): readonly SeenExchange[] {
    return this.#exchanges;
  }

  find(number: number): SeenExchange | undefined {
    return this.#exchanges.find((each) => each.number === number);
  }

  clear(): void {
    this.#exchanges.length = 0;
    this.#byPort.clear();
  }

  /** A request comes. Resolves when the session has been looked at as it is before it. */
  async begins(
    request: Pick<SeenExchange, 'shopper' | 'method' | 'path' | 'isAsset' | 'cookie'>,
  ): Promise<SeenExchange> {
    const exchange: SeenExchange = {
      ...request,
      number: ++this.#count,
      began: this.#now(),
      secrets: this.#secrets,
      setCookies: [],
      dropped: [],
      commands: [],
    };
    this.#exchanges.unshift(exchange);
    this.#exchanges.length = Math.min(this.#exchanges.length, MOST_EXCHANGES);
    const [id] = sessionIdsOf(exchange);
    if (id && !exchange.isAsset) exchange.before = await this.#reader?.read(id);
    this.#changed(exchange);
    return exchange;
  }

  /** Its request went out to the shop on that port of this machine. */
  wentOut(exchange: SeenExchange, port: number): void {
    this.#byPort.set(port, exchange);
    const [oldest] = this.#byPort.keys();
    if (this.#byPort.size > MOST_EXCHANGES && oldest !== undefined) this.#byPort.delete(oldest);
  }

  /** A balancer passed a request on: it came in from one port, and went out from another. */
  passedOn(from: number, to: number): void {
    const exchange = this.#byPort.get(from);
    if (exchange) this.wentOut(exchange, to);
  }

  /** The answer has come whole, or its end is known. */
  async ended(
    exchange: SeenExchange,
    how: Partial<SeenExchange>,
    { dropped, cookieEnds }: Taken,
  ): Promise<void> {
    Object.assign(exchange, how, { dropped, cookieEnds });
    this.#claim(exchange);
    await this.#lookAfter(exchange);
    this.#changed(exchange);
  }

  /** What the shop's process reported of the request that came from a port. */
  inside(report: InsideReport): void {
    const exchange = this.#byPort.get(report.from);
    if (!exchange) return;
    this.#byPort.delete(report.from);
    exchange.inside = report;
    this.#claim(exchange);
    // Stored, and no cookie names it.
    if (exchange.ms !== undefined && sessionIdsOf(exchange).length === 0)
      void this.#lookAfter(exchange).then(() => this.#changed(exchange));
    if (report.store === 'MemoryStore') {
      exchange.before ??= inMemory(report.before);
      exchange.after ??= inMemory(report.after, report.id);
    }
    this.#changed(exchange);
  }

  /** A command of the shop has been answered. It belongs to the exchange that is about the same session. */
  command(command: Omit<SeenCommand, 'late'>, ids: readonly string[]): void {
    const owner = this.#ownerOf(ids);
    if (owner) this.#add(owner, { ...command, late: owner.ms !== undefined });
    else if (ids.length > 0) this.#unclaimed = [...this.#unclaimed, { command, ids }].slice(-MOST_COMMANDS);
  }

  #add(exchange: SeenExchange, command: SeenCommand): void {
    if (exchange.commands.length < MOST_COMMANDS) exchange.commands.push(command);
    if (command.late && command.writes) void this.#lookAfter(exchange).then(() => this.#changed(exchange));
    else this.#changed(exchange);
  }

  /** The exchange that a command is about, a running one before one that has ended. */
  #ownerOf(ids: readonly string[]): SeenExchange | undefined {
    const own = this.#exchanges.filter((each) => !each.isAsset && idsOf(each).some((id) => ids.includes(id)));
    return own.find(({ ms }) => ms === undefined) ?? own[0];
  }

  /** A new session's ID is known when its cookie comes back, or when the shop's process has reported. Its commands came before. */
  #claim(exchange: SeenExchange): void {
    const ids = idsOf(exchange);
    const claimed = this.#unclaimed.filter((each) => each.ids.some((id) => ids.includes(id)));
    this.#unclaimed = this.#unclaimed.filter((each) => !claimed.includes(each));
    for (const { command } of claimed) this.#add(exchange, { ...command, late: false });
  }

  async #lookAfter(exchange: SeenExchange): Promise<void> {
    const [id] = idsOf(exchange);
    if (!id || exchange.isAsset) return;
    const after = await this.#reader?.read(id);
    // What a MemoryStore holds its own process reports.
    if (exchange.inside?.store !== 'MemoryStore') exchange.after = after;
  }
}

/** The session IDs that an exchange is about: of its cookies, and that of a session which got none. */
function idsOf(exchange: SeenExchange): string[] {
  return [...sessionIdsOf(exchange), ...(exchange.inside?.id ? [exchange.inside.id] : [])];
}

/** A session of a MemoryStore. @param id the one to prefer */
function inMemory(
  sessions: Record<string, string> = {},
  id = Object.keys(sessions)[0],
): StoredSession | undefined {
  const json = id === undefined ? undefined : sessions[id];
  if (id === undefined || json === undefined) return undefined;
  const document = parsed(json) as { cookie?: { expires?: string } };
  const ends = Date.parse(document?.cookie?.expires ?? '');
  return {
    id,
    where: 'MemoryStore, this process’s memory',
    document,
    ends: Number.isNaN(ends) ? undefined : ends,
  };
}
