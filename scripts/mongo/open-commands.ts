import type { Document } from 'bson';
import type { TappedCommand } from './recording.ts';
import { summaryOf } from './replies.ts';

/** The commands of one connection that have no reply yet. */
export class OpenCommands {
  /** By request ID. */
  readonly #open = new Map<number, TappedCommand>();
  readonly #onDone: (command: TappedCommand) => void;

  /** @param onDone called once for each command: when its reply comes, or when its connection has ended without one */
  constructor(onDone: (command: TappedCommand) => void) {
    this.#onDone = onDone;
  }

  add(requestId: number, command: TappedCommand): void {
    this.#open.set(requestId, command);
  }

  replied(requestId: number, reply: Document): void {
    const command = this.#open.get(requestId);
    if (!command) return;
    this.#open.delete(requestId);
    command.reply = summaryOf(reply, performance.now() - command.at);
    this.#onDone(command);
  }

  connectionEnded(): void {
    for (const command of this.#open.values()) this.#onDone(command);
    this.#open.clear();
  }
}
