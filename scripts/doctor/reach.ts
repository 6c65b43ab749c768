import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { codeOf } from '../shared/error-code.ts';
import { type Finding, fault, good, type Layer, note, warning } from './finding.ts';
import { ANSWER_WITHIN, type Names } from './names.ts';
import type { Address, Seed } from './seed.ts';

/** A server that a connection was made to, and at which of its addresses. */
export interface Reached extends Address {
  readonly address: string;
}

/** A host of MongoDB Atlas, which breaks off connections of addresses that are not on a cluster's list. */
export const isAtlas = (host: string) => /\.mongodb(?:gov)?\.net\.?$/i.test(host);

/** Looks every server up and connects to it. `next` is the first that can be reached. */
export async function reach(seed: Seed, names: Names): Promise<Layer<Reached>> {
  const looked = await Promise.all(seed.servers.map((server) => lookUp(server, names)));
  const known = looked.filter(({ addresses }) => addresses.length > 0);
  const unknown = looked.filter(({ addresses }) => addresses.length === 0);
  const dns = unknown.map(({ server, error }) => {
    const words = `${server.host} has no address (${codeOf(error)})`;
    const fix = isServiceName(server.host) ? SERVICE_NAME : undefined;
    return known.length > 0 ? warning('dns', 'DNS', words, fix) : fault('dns', 'DNS', words, fix);
  });
  if (known.length === 0) return { findings: dns };
  if (dns.length === 0) dns.push(good('dns', 'DNS', known.map(inWords).join('; ')));

  const tried = await Promise.all(known.map(knock));
  const reached = tried.filter((each): each is Open => each.open !== undefined);
  const shut = tried.filter((each) => each.open === undefined);
  const [first] = reached;
  if (first === undefined) {
    const found = await Promise.all(tried.map(away));
    const stores = found.some(({ id }) => id === 'host-away' || id === 'host-silent') ? [DEAD_STORE] : [];
    return { findings: [...dns, ...found, ...stores] };
  }
  const tcp = shut.map(({ server, error }) => warning('host-away', 'TCP', refusal(server, error)));
  if (tcp.length === 0) tcp.push(good('tcp', 'TCP', `${reached.map(at).join(', ')} accepts connections`));
  return {
    findings: [...dns, ...tcp, ...otherFamily(first)],
    next: { ...first.server, address: first.open },
  };
}

/** One word, as services have them in a compose file. */
const isServiceName = (host: string) => /^[a-z][a-z0-9_-]*$/i.test(host) && host !== 'localhost';
const SERVICE_NAME =
  'The name of a service is known only inside its compose network. From outside publish its port (ports: "27017:27017") and write 127.0.0.1. A host elsewhere has dots in its name: compare it letter by letter.';

interface Looked {
  readonly server: Address;
  readonly addresses: readonly string[];
  readonly error?: unknown;
}
interface Knocked extends Looked {
  /** The address at which somebody answers. */
  readonly open?: string;
}
type Open = Knocked & { readonly open: string };

async function lookUp(server: Address, names: Names): Promise<Looked> {
  try {
    return { server, addresses: (await names.addresses(server.host)).map(({ address }) => address) };
  } catch (error) {
    return { server, addresses: [], error };
  }
}

/** All addresses are tried at once; drivers try them one after the other. */
async function knock(looked: Looked): Promise<Knocked> {
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

/** @throws {Error} the system's, or ETIMEOUT */
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

const LOOPBACK = ['127.0.0.1', '::1'];
const isLocal = ({ server, addresses }: Looked) =>
  server.host === 'localhost' || addresses.some((address) => LOOPBACK.includes(address));

/** Nobody is there. On this machine it may be that somebody is at its other address. */
async function away(tried: Knocked): Promise<Finding> {
  const { server, addresses, error } = tried;
  const others = isLocal(tried) ? LOOPBACK.filter((address) => !addresses.includes(address)) : [];
  const other = await knock({ server, addresses: others });
  if (other.open) {
    const words = `nothing listens at ${addresses.join(', ')}, port ${server.port}; MongoDB is at ${other.open}`;
    const host = other.open.includes(':') ? `[${other.open}]` : other.open;
    return fault('localhost', 'TCP', words, `Write ${host} for the host.`);
  }
  const silent = /TIME/.test(codeOf(error));
  if (silent)
    return fault(
      'host-silent',
      'TCP',
      refusal(server, error),
      isAtlas(server.host) ? ATLAS_SILENT : undefined,
    );
  return fault(
    'host-away',
    'TCP',
    refusal(server, error),
    isLocal(tried) && isInContainer() ? IN_CONTAINER : undefined,
  );
}

const ATLAS_SILENT =
  'In Atlas: resume the cluster, and add your address under Network Access. If both are right, this network may forbid port 27017.';
const IN_CONTAINER =
  'This is a container, and its localhost is the container itself. Write the name of the service that runs MongoDB, or host.docker.internal for the machine around it.';
const isInContainer = () => existsSync('/.dockerenv') || existsSync('/run/.containerenv');

const DEAD_STORE = warning(
  'dead-store',
  'store',
  'one that meets this at its start stays dead when the database is back',
);

function refusal(server: Address, error: unknown): string {
  const code = codeOf(error);
  const place = `${server.host}:${server.port}`;
  if (code === 'ECONNREFUSED') return `${place} refuses connections (${code})`;
  if (/TIME/.test(code)) return `${place} does not answer within ${ANSWER_WITHIN / 1000} s (${code})`;
  return `${place} cannot be reached (${code})`;
}

/** Node from 20 on tries both addresses of localhost; other programs stop at the first. */
function otherFamily({ server, addresses, open }: Open): Finding[] {
  if (server.host !== 'localhost' || addresses[0] === open) return [];
  return [note('localhost', 'TCP', `localhost is ${addresses[0]} first, but MongoDB is only at ${open}`)];
}

const at = ({ server }: Knocked) => `${server.host}:${server.port}`;
const inWords = ({ server, addresses }: Looked) =>
  addresses.includes(server.host)
    ? `${server.host} is an address`
    : `${server.host} is ${addresses.join(', ')}`;
