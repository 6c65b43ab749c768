import { connect } from 'node:net';
import { ANSWER_WITHIN, type Names } from './names.ts';
import type { Address } from './seed.ts';

/** A server and its addresses. Without an address, `error` says why. */
export interface Looked {
  readonly server: Address;
  readonly addresses: readonly string[];
  readonly error?: unknown;
}
/** A server after a connection was tried to each of its addresses. */
export interface Knocked extends Looked {
  /** The address that accepts connections. */
  readonly open?: string;
}
export type Open = Knocked & { readonly open: string };

/** Resolves the addresses of a server. */
export async function addressesOf(server: Address, names: Names): Promise<Looked> {
  try {
    return { server, addresses: (await names.addresses(server.host)).map(({ address }) => address) };
  } catch (error) {
    return { server, addresses: [], error };
  }
}

/** Tries all addresses at once; drivers try them one after the other. */
export async function knock(looked: Looked): Promise<Knocked> {
  const tries = await Promise.all(
    looked.addresses.map((address) =>
      handshake(address, looked.server.port).then(
        () => ({ address, error: undefined }),
        (error: unknown) => ({ address, error }),
      ),
    ),
  );
  const open = tries.find(({ error }) => error === undefined)?.address;
  return open === undefined ? { ...looked, error: tries[0]?.error } : { ...looked, open };
}

/** @throws {Error} the system's error, or ETIMEOUT */
function handshake(address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, timeout: ANSWER_WITHIN });
    const end = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.once('connect', () => end(resolve));
    socket.once('error', (error) => end(() => reject(error)));
    socket.once('timeout', () => end(() => reject(Object.assign(new Error(), { code: 'ETIMEOUT' }))));
  });
}
