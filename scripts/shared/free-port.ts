import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import getPort from 'get-port';

/** How long a program may take to accept a connection on this machine, in milliseconds. */
const CONNECT_LIMIT_MS = 500;

/**
 * A free port. It is tried on one address: listening on all addresses opens the window of Windows' firewall.
 * @param favourite taken unless a program listens on it, on 127.0.0.1, ::1 or on all addresses
 * @throws the system's error when no port is free
 */
export async function freePort(favourite?: number, host = '127.0.0.1'): Promise<number> {
  // Windows and macOS let one program listen on 127.0.0.1 where another one listens on all addresses. A browser then reaches either.
  if (favourite === undefined || (await isAnswered(favourite))) return getPort({ host });
  // Not by get-port: it refuses for up to 30 s each port that it has returned, also after that port was released.
  return (await canListen(favourite, host)) ? favourite : getPort({ host });
}

async function canListen(port: number, host: string): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((closed) => server.close(closed));
  }
}

async function isAnswered(port: number): Promise<boolean> {
  const answers = await Promise.all(['127.0.0.1', '::1'].map((host) => connects(host, port)));
  return answers.includes(true);
}

async function connects(host: string, port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_LIMIT_MS) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
