import { setTimeout as delay } from 'node:timers/promises';
import type { InsideReport } from '../../../grader/shop-process/shop-messages.ts';
import { CommandOwners, idsOf } from './command-owners.ts';
import type { NamedSecret, SeenCommand, SeenExchange, StoredSession } from './exchange.ts';
import { parsed } from './parsed.ts';
import { sessionIdsOf } from './session-cookie.ts';

/** How many exchanges are kept, and how many commands of one. */
const MOST_EXCHANGES = 100;
const MOST_COMMANDS = 40;
/** Reading a session for the X-ray may take this long, in milliseconds. It never delays the shop for longer. */
const READ_WITHIN = 1500;

/** Where sessions are read beside the shop. */
export interface SessionReader {
  read(id: string): Promise<StoredSession | undefined>;
}

/** All that was seen of the last requests. It watches, and delays a request only to read its session first. */
export class XRay {
  readonly #exchanges: SeenExchange[] = [];
  /** Exchanges whose shop has not reported yet, by the port that their request came from. */
  readonly #byPort = new Map<number, SeenExchange>();
  readonly #owners = new CommandOwners();
  readonly #changed: (exchange: SeenExchange) => void;
  readonly #now: () => number;
  #secrets: readonly NamedSecret[] = [];
  #reader: SessionReader | undefined;
  #count = 0;

  /**
   * @param changed called whenever more of an exchange is known
   * @param now the clock of the shop, in milliseconds
   */
  constructor(changed: (exchange: SeenExchange) => void, now: () => number) {
    this.#changed = changed;
    this.#now = now;
  }

  /** Sets the shop's secrets, and where its sessions are read; no reader for a learner's own database. */
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

  /** A request begins. Resolves when its session has been read. */
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
    this.#owners.begins(exchange);
    this.#exchanges.unshift(exchange);
    this.#exchanges.length = Math.min(this.#exchanges.length, MOST_EXCHANGES);
    const [id] = sessionIdsOf(exchange);
    if (id && !exchange.isAsset) exchange.before = await this.#read(id);
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

  /** The head of the answer has come, and the shopper has its cookies. */
  answers(exchange: SeenExchange, head: Partial<SeenExchange>): void {
    Object.assign(exchange, head);
    this.#changed(exchange);
  }

  /** The answer has come whole, or its end is known. */
  async ended(exchange: SeenExchange, how: Partial<SeenExchange>): Promise<void> {
    Object.assign(exchange, how);
    this.#claim(exchange);
    await this.#lookAfter(exchange);
    this.#changed(exchange);
  }

  /** What the shop's process reported of the request that came from a port. */
  inside(report: InsideReport): void {
    const exchange = this.#byPort.get(report.facts.port);
    if (!exchange) return;
    this.#byPort.delete(report.facts.port);
    exchange.inside = report;
    this.#claim(exchange);
    // The session was stored, but no cookie names it.
    if (exchange.ms !== undefined && sessionIdsOf(exchange).length === 0)
      void this.#lookAfter(exchange).then(() => this.#changed(exchange));
    if (report.store === 'MemoryStore') {
      // Replaces what a database holds under the same ID: this store did not ask it.
      exchange.before = inMemory(report.before);
      exchange.after = inMemory(report.after, report.id);
    }
    this.#changed(exchange);
  }

  /**
   * A command of the shop has been answered. It belongs to the exchange that is about the same session.
   * @param at when it was received, in milliseconds of `performance.now()`
   */
  command(command: Omit<SeenCommand, 'late'>, ids: readonly string[], at = performance.now()): void {
    const owner = this.#owners.ownerOf({ command, ids, at }, this.#exchanges);
    if (owner) this.#add(owner, { ...command, late: owner.ms !== undefined });
  }

  #add(exchange: SeenExchange, command: SeenCommand): void {
    if (exchange.commands.length < MOST_COMMANDS) exchange.commands.push(command);
    if (command.late && command.writes) void this.#lookAfter(exchange).then(() => this.#changed(exchange));
    else this.#changed(exchange);
  }

  #claim(exchange: SeenExchange): void {
    for (const { command } of this.#owners.claimedBy(exchange))
      this.#add(exchange, { ...command, late: false });
  }

  /** @returns undefined when there is none, or it cannot be read in time */
  async #read(id: string): Promise<StoredSession | undefined> {
    const late = new AbortController();
    const limit = delay(READ_WITHIN, undefined, { ref: false, signal: late.signal });
    try {
      return await Promise.race([this.#reader?.read(id), limit.catch(() => undefined)]);
    } catch {
      return undefined;
    } finally {
      late.abort();
    }
  }

  async #lookAfter(exchange: SeenExchange): Promise<void> {
    const [id] = idsOf(exchange);
    if (!id || exchange.isAsset) return;
    const after = await this.#read(id);
    // The sessions of a MemoryStore are reported by its process.
    if (exchange.inside?.store !== 'MemoryStore') exchange.after = after;
  }
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
