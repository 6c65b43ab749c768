import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A Mongo address that refuses every connection until it is released. */
export interface Refused {
  /** mongodb://HOST:PORT/ */
  readonly uri: string;
  release(): Promise<void>;
}

/**
 * An address on which nothing listens and, until `release`, nobody else can: connecting gives ECONNREFUSED, as with a database that is down.
 * The port, the system's choice unless one is named, is the *local* end of a connection held open to a listener of our own. So the system gives it
 * to no other program, which a port that was merely found free and closed again would not be safe from; and a listener that hung up at once
 * would be told from one that is down.
 * @throws {Error} the system's, such as EADDRINUSE for a named port, EADDRNOTAVAIL for a host that this machine is not
 */
export async function refusedUri(localPort?: number, host = '127.0.0.1'): Promise<Refused> {
  // Whoever forgets to release it, or could not have it, shall not hang for it.
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
    // Resetting frees the port at once; an orderly end would keep it waiting.
    socket.resetAndDestroy();
    peer.destroy();
    if (!holder.listening) return;
    holder.close();
    await once(holder, 'close');
  };
  return { uri, release };
}
