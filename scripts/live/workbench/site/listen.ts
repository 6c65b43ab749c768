import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Has a server listen on 127.0.0.1: on the favourite port, and on any free one when it is taken. @returns the port */
export async function listen(server: Server, favourite: number): Promise<number> {
  for (const port of [favourite, 0]) {
    server.listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error('No port of 127.0.0.1 is free.');
}
