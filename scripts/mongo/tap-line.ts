import { connect, type Socket } from 'node:net';
import { encode } from '../engine/codec.ts';
import { Framer, parse, reply } from '../engine/wire.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { OldDriver } from './old-driver.ts';
import { OpenCommands } from './open-commands.ts';
import { type Recording, type TappedCommand, tapped } from './recording.ts';
import { refusalReader } from './refusals.ts';
import { replyReader } from './replies.ts';
import type { ReplicaSetMember } from './tap-member.ts';

export const UNREADABLE = '(unreadable)';

/** The two sides of a connection, and what the proxy keeps for all of its connections. */
export interface ConnectionParts {
  readonly client: Socket;
  readonly target: { readonly host: string; readonly port: number };
  readonly recording: Recording;
  readonly faults: FaultPlan;
  /** Set when the deployment looks like a member of a replica set. */
  readonly member: ReplicaSetMember | undefined;
  /** Set when commands of old drivers are translated. */
  readonly old: OldDriver | undefined;
  /** Called with each command once its reply has passed, or its connection has ended without one. */
  readonly onDone?: ((command: TappedCommand) => void) | undefined;
}

/**
 * One client's connection through the proxy. Each message is read whole, recorded, and forwarded with its bytes unchanged. It is
 * recorded before the Mongo receives it, so also before its reply.
 */
export class ProxyConnection {
  readonly #parts: ConnectionParts;
  readonly #target: Socket;
  readonly #framer = new Framer();
  /** The commands that are held back, oldest first. */
  #held: { readonly command: TappedCommand; readonly bytes: Buffer }[] = [];
  /** Undefined when no replies are wanted: reading them costs time. */
  readonly #open: OpenCommands | undefined;
  #readable = true;

  constructor(parts: ConnectionParts) {
    const { client } = parts;
    const translator = parts.member ?? parts.old;
    // Half open: a side that has ended its stream still gets the answer.
    const target = connect({ ...parts.target, noDelay: true, allowHalfOpen: true });
    this.#parts = parts;
    this.#target = target;
    // 'close' follows every error and ends the other side.
    for (const socket of [client, target]) socket.on('error', () => {});
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroySoon());
    client.on('data', (chunk: Buffer) => this.#listen(chunk));
    target.on('drain', () => client.resume());
    // A client that hangs up while its command is held back has given up. The command must not run later.
    client.on('end', () => (this.#held.length > 0 ? this.end() : this.#endOfStream()));
    target.on(
      'data',
      refusalReader((what) => parts.recording.refuse(what)),
    );
    if (parts.onDone) this.#open = this.#watchReplies(new OpenCommands(parts.onDone));
    if (translator === undefined) {
      target.pipe(client);
      return;
    }
    target.on('data', (chunk: Buffer) => {
      for (const bytes of translator.answers(chunk)) if (!client.write(bytes)) target.pause();
    });
    client.on('drain', () => target.resume());
    target.on('end', () => client.end());
  }

  /** Forwards the commands that were held back. */
  release(): void {
    const held = this.#held;
    this.#held = [];
    for (const { command, bytes } of held) this.#pass(command, bytes);
  }

  /** Ends both sides. */
  end(): void {
    this.#parts.client.destroy();
    this.#target.destroy();
  }

  /** Resets the client's side, as a network or a process that ends does. The system then frees the port at once. */
  reset(): void {
    this.#parts.client.resetAndDestroy();
    this.#target.destroy();
  }

  #endOfStream(): void {
    if (this.#readable) this.#forward(this.#framer.rest);
    this.#target.end();
  }

  #listen(chunk: Buffer): void {
    if (!this.#readable) {
      this.#forward(chunk);
      return;
    }
    try {
      for (const bytes of this.#framer.push(chunk)) {
        if (this.#readable) this.#take(bytes);
        else this.#forward(bytes);
      }
    } catch {
      this.#giveUpReading();
    }
    if (!this.#readable) this.#forward(this.#framer.rest);
  }

  #take(sent: Buffer): void {
    const bytes = this.#parts.old?.request(sent) ?? sent;
    const command = this.#read(bytes);
    if (command === undefined) {
      this.#forward(bytes);
      return;
    }
    this.#parts.recording.add(command);
    this.#open?.add(bytes.readInt32LE(4), command);
    const action = this.#held.length > 0 ? 'hold' : this.#parts.faults.actionFor(command);
    if (action === 'pass') this.#pass(command, bytes);
    else if (action === 'hold') this.#held.push({ command, bytes });
    else if (action === 'cut') this.end();
    else if ('wait' in action) this.#holdFor(action.wait, command, bytes);
    else {
      const message = parse(bytes);
      this.#open?.replied(message.requestId, action.answer);
      if (message.noReply) return;
      const answer = reply(message, encode(action.answer), message.requestId);
      this.#parts.client.write(this.#parts.old?.answer(answer) ?? answer);
    }
  }

  /** Later commands are held too, and follow: a connection keeps its order. */
  #holdFor(ms: number, command: TappedCommand, bytes: Buffer): void {
    this.#held.push({ command, bytes });
    setTimeout(() => {
      if (this.#held.some((each) => each.bytes === bytes)) this.release();
    }, ms);
  }

  #watchReplies(open: OpenCommands): OpenCommands {
    this.#target.on(
      'data',
      replyReader((requestId, reply) => open.replied(requestId, reply)),
    );
    this.#parts.client.on('close', () => open.connectionEnded());
    return open;
  }

  #read(bytes: Buffer): TappedCommand | undefined {
    try {
      return tapped(bytes);
    } catch {
      this.#giveUpReading();
      return undefined;
    }
  }

  /** After unreadable bytes the borders of messages are unknown. Forwarding goes on. */
  #giveUpReading(): void {
    this.#readable = false;
    this.#parts.recording.add({ name: UNREADABLE, db: '', body: {}, passed: true, at: performance.now() });
  }

  #pass(command: TappedCommand, bytes: Buffer): void {
    command.passed = true;
    this.#forward(this.#parts.member?.request(bytes, command) ?? bytes);
  }

  #forward(bytes: Uint8Array): void {
    if (!this.#target.write(bytes)) this.#parts.client.pause();
  }
}
