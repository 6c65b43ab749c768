import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { ownPort } from './own-port.ts';
import { type Refused, refusedUri } from './refused.ts';

/** A server's port on 127.0.0.1, which can refuse all who come, and let them in again. It is the same port all along. */
export class Gate {
  readonly port: number;
  readonly #server: Server;
  readonly #breakOff: () => void;
  #refused: Refused | undefined;

  private constructor(server: Server, breakOff: () => void) {
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.#breakOff = breakOff;
  }

  /**
   * Lets the server listen on a free port.
   * @param breakOff ends all connections that the server has: a close waits for the last of them
   */
  static async build(server: Server, breakOff: () => void): Promise<Gate> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Gate(server, breakOff);
  }

  /** Connections break off, new ones get ECONNREFUSED, and nobody else gets the port. */
  async refuse(): Promise<void> {
    await this.#close();
    this.#refused ??= await ownPort(() => refusedUri(this.port));
  }

  /** Resolves when connections are accepted again. */
  async letIn(): Promise<void> {
    await this.#refused?.release();
    this.#refused = undefined;
    if (this.#server.listening) return;
    await ownPort(async () => {
      this.#server.listen(this.port, '127.0.0.1');
      await once(this.#server, 'listening');
    });
  }

  async stop(): Promise<void> {
    await this.#refused?.release();
    await this.#close();
  }

  async #close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server.close(), 'close');
    this.#breakOff();
    await closed;
  }
}
