import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { ownPort } from './own-port.ts';
import { type Refused, refusedUri } from './refused.ts';

/** A server's port on 127.0.0.1 that can refuse all connections and accept them again. The number stays the same. */
export class ReopenablePort {
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
   * Makes the server listen on a free port.
   * @param breakOff ends all connections of the server; close() waits for them
   */
  static async listen(server: Server, breakOff: () => void): Promise<ReopenablePort> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ReopenablePort(server, breakOff);
  }

  /** Ends all connections. New ones get ECONNREFUSED, and no other program gets the port. */
  async refuse(): Promise<void> {
    await this.#close();
    this.#refused ??= await ownPort(() => refusedUri(this.port));
  }

  /** Resolves when connections are accepted again. */
  async reopen(): Promise<void> {
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
