import { connect, type Socket } from 'node:net';
import { encode } from '../engine/codec.ts';
import { Framer, parse, reply } from '../engine/wire.ts';
import type { Moods } from './moods.ts';
import { type Recording, type TappedCommand, tapped } from './recording.ts';
import { refusalReader } from './refusals.ts';
import type { Member } from './tap-member.ts';

export const UNREADABLE = '(unreadable)';

/** What a line needs of the tap it belongs to. */
export interface Ends {
  readonly client: Socket;
  readonly target: { readonly host: string; readonly port: number };
  readonly recording: Recording;
  readonly moods: Moods;
  /** Set when this connection is to one that poses as a replica set's member. */
  readonly member: Member | undefined;
}

/**
 * One client's connection through the tap. The client's messages are forwarded whole, byte by byte as they came, each once it is judged;
 * it is on record before the Mongo has it, so also before its reply.
 */
export class Line {
  readonly #ends: Ends;
  readonly #target: Socket;
  readonly #framer = new Framer();
  /** What waits for a better mood, oldest first. */
  #held: { readonly command: TappedCommand; readonly bytes: Buffer }[] = [];
  #readable = true;

  constructor(ends: Ends) {
    const { client, member } = ends;
    // Half open: a side that has said its last word still gets the answer to it.
    const target = connect({ ...ends.target, noDelay: true, allowHalfOpen: true });
    this.#ends = ends;
    this.#target = target;
    // Either side may break off at any time; 'close' follows and takes the other along.
    for (const socket of [client, target]) socket.on('error', () => {});
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroySoon());
    client.on('data', (chunk: Buffer) => this.#listen(chunk));
    target.on('drain', () => client.resume());
    // Who hangs up on one that hangs has given up: what they asked for shall not happen later.
    client.on('end', () => (this.#held.length > 0 ? this.end() : this.#lastWord()));
    target.on(
      'data',
      refusalReader((what) => ends.recording.refuse(what)),
    );
    if (member === undefined) {
      target.pipe(client);
      return;
    }
    target.on('data', (chunk: Buffer) => {
      for (const bytes of member.answers(chunk)) if (!client.write(bytes)) target.pause();
    });
    client.on('drain', () => target.resume());
    target.on('end', () => client.end());
  }

  /** Lets pass what had to wait. */
  release(): void {
    const held = this.#held;
    this.#held = [];
    for (const { command, bytes } of held) this.#pass(command, bytes);
  }

  /** Hangs up on both sides. */
  end(): void {
    this.#ends.client.destroy();
    this.#target.destroy();
  }

  /** Breaks off towards the client, as the network or a dying process does. It leaves nothing of the connection in the system. */
  reset(): void {
    this.#ends.client.resetAndDestroy();
    this.#target.destroy();
  }

  #lastWord(): void {
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

  #take(bytes: Buffer): void {
    const command = this.#read(bytes);
    if (command === undefined) {
      this.#forward(bytes);
      return;
    }
    this.#ends.recording.add(command);
    const verdict = this.#held.length > 0 ? 'hold' : this.#ends.moods.judge(command);
    if (verdict === 'pass') this.#pass(command, bytes);
    else if (verdict === 'hold') this.#held.push({ command, bytes });
    else if (verdict === 'cut') this.end();
    else {
      const message = parse(bytes);
      if (!message.noReply)
        this.#ends.client.write(reply(message, encode(verdict.answer), message.requestId));
    }
  }

  #read(bytes: Buffer): TappedCommand | undefined {
    try {
      return tapped(bytes);
    } catch {
      this.#giveUpReading();
      return undefined;
    }
  }

  /** What follows broken bytes cannot be told apart any more; forwarding goes on. */
  #giveUpReading(): void {
    this.#readable = false;
    this.#ends.recording.add({ name: UNREADABLE, db: '', body: {}, passed: true, at: performance.now() });
  }

  #pass(command: TappedCommand, bytes: Buffer): void {
    command.passed = true;
    this.#forward(this.#ends.member?.request(bytes, command) ?? bytes);
  }

  #forward(bytes: Uint8Array): void {
    if (!this.#target.write(bytes)) this.#ends.client.pause();
  }
}
