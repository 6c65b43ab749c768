import { BSON, type Document } from 'bson';
import { documentsIn, parse } from '../engine/wire.ts';
import { afterLimit } from '../shared/fair-time.ts';
import type { ReplySummary } from './replies.ts';

/** A command that the proxy received, with its documents as plain objects. */
export interface TappedCommand {
  readonly name: string;
  readonly db: string;
  /** Absent for commands about a whole database or server. */
  readonly collection?: string;
  readonly body: Document;
  /** Whether it was forwarded to the Mongo. */
  passed: boolean;
  /** When it was received, in milliseconds of `performance.now()`. */
  readonly at: number;
  /** The reply; undefined until it comes. */
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

/** Whether drivers send a command of that name by themselves: a greeting, a log-in. */
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

  /** What the embedded engine refused because it lacks it. `forget` keeps these: a refusal may have effects later. */
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
      const callOff = afterLimit(withinMs, (waitedMs) => {
        const others = this.commands().map((one) => one.name);
        finish(() =>
          reject(new Error(`No '${name}' within ${waitedMs} ms; seen: ${others.join(', ') || 'nothing'}`)),
        );
      });
      const finish = (settle: () => void) => {
        callOff();
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
    body[field] = Array.from(documentsIn(documents), (document) => BSON.deserialize(document));
  }
  const [name = ''] = Object.keys(body);
  // getMore has its cursor where other commands have their collection.
  const collection = name === 'getMore' ? body.collection : body[name];
  const named = typeof collection === 'string' ? { collection } : {};
  return { name, db: String(body.$db ?? ''), ...named, body, passed: false, at };
}
