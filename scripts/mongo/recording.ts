import { BSON, type Document } from 'bson';
import { parse } from '../engine/wire.ts';
import type { ReplySummary } from './replies.ts';

/** A command that the proxy received, with its documents as plain objects. */
export interface TappedCommand {
  readonly name: string;
  readonly db: string;
  /** Absent for commands on a whole database or server. */
  readonly collection?: string;
  readonly body: Document;
  /** Whether it was forwarded to the Mongo. */
  passed: boolean;
  /** When it was received, in milliseconds of `performance.now()`. */
  readonly at: number;
  /** What came back; undefined until then, and for a command that got no reply. */
  reply?: ReplySummary;
}

/** Commands that drivers send by themselves. */
const DRIVER_COMMANDS = new Set([
  'hello',
  'isMaster',
  'ismaster',
  'ping',
  'endSessions',
  'saslStart',
  'saslContinue',
  'buildInfo',
]);

/** Whether a driver sends a command of that name by itself: a greeting, a log-in. */
export const isDriversOwn = (name: string) => DRIVER_COMMANDS.has(name);

/** The commands that one proxy received. */
export class Recording {
  #commands: TappedCommand[] = [];
  readonly #most: number;
  readonly #refusals: string[] = [];
  readonly #waiting = new Set<(command: TappedCommand) => void>();

  /** @param most how many commands are kept: a proxy that runs for days needs a limit */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  add(command: TappedCommand): void {
    this.#commands.push(command);
    if (this.#commands.length > this.#most) this.#commands.shift();
    for (const look of this.#waiting) look(command);
  }

  commands(name?: string): readonly TappedCommand[] {
    return this.#commands.filter((one) => (name === undefined ? !isDriversOwn(one.name) : one.name === name));
  }

  /** What the embedded engine refused because it lacks it. A refusal may have effects later, so `forget` keeps them. */
  get refusals(): readonly string[] {
    return this.#refusals;
  }

  refuse(what: string): void {
    if (this.#refusals.length < this.#most) this.#refusals.push(what);
  }

  forget(): void {
    this.#commands = [];
  }

  seen(name: string, withinMs: number): Promise<TappedCommand> {
    const [already] = this.commands(name);
    if (already !== undefined) return Promise.resolve(already);
    return new Promise((resolve, reject) => {
      const look = (command: TappedCommand) => {
        if (command.name === name) finish(() => resolve(command));
      };
      const timer = setTimeout(() => {
        const others = this.commands().map((one) => one.name);
        finish(() =>
          reject(new Error(`No '${name}' within ${withinMs} ms; seen: ${others.join(', ') || 'nothing'}`)),
        );
      }, withinMs);
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        settle();
      };
      this.#waiting.add(look);
    });
  }
}

/** Reads one whole message of a client. @throws {Error} when it is not a command */
export function tapped(bytes: Buffer): TappedCommand {
  const at = performance.now();
  const message = parse(bytes);
  const body = BSON.deserialize(message.body);
  for (const [field, documents] of message.sequences) {
    body[field] = documents.map((document) => BSON.deserialize(document));
  }
  const [name = ''] = Object.keys(body);
  // getMore has its cursor where others have their collection.
  const collection = name === 'getMore' ? body.collection : body[name];
  const named = typeof collection === 'string' ? { collection } : {};
  return { name, db: String(body.$db ?? ''), ...named, body, passed: false, at };
}
