import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A Mongo address that refuses every connection until it is released. */
export interface Refused {
  /** mongodb://HOST:PORT/ */
  readonly uri: string;
  release(): Promise<void>;
}

/**
 * An address that refuses connections (ECONNREFUSED), as a database that is down does. No other program can listen there until
 * `release`: the port is the *local* end of a connection that we hold open to a listener of our own.
 * @param localPort the system's choice by default
 * @throws {Error} of the system: EADDRINUSE for a port that is taken, EADDRNOTAVAIL for a host that is not this machine
 */
export async function refusedUri(localPort?: number, host = '127.0.0.1'): Promise<Refused> {
  // Lets the process end without a release.
  const holder = createServer().unref();
  holder.listen(0, host);
  await once(holder, 'listening');
  const accepted = once(holder, 'connection');
  const to = { port: (holder.address() as AddressInfo).port, host };
  const socket = connect(localPort === undefined ? to : { ...to, localAddress: host, localPort });
  const [[peer]] = await Promise.all([accepted, once(socket, 'connect')]).catch((error) => {
    holder.close();
    throw error;
  });
  for (const held of [socket, peer]) held.unref();
  const uri = `mongodb://${host.includes(':') ? `[${host}]` : host}:${socket.localPort}/`;
  const release = async () => {
    // A reset frees the port at once. A regular end would leave it in TIME_WAIT.
    socket.resetAndDestroy();
    peer.destroy();
    if (!holder.listening) return;
    holder.close();
    await once(holder, 'close');
  };
  return { uri, release };
}
