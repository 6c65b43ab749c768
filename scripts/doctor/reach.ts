import { existsSync } from 'node:fs';
import { codeOf } from '../shared/error-code.ts';
import { type Finding, fault, good, type Layer, note, warning } from './finding.ts';
import { addressesOf, type Knocked, knock, type Looked, type Open } from './knock.ts';
import { ANSWER_WITHIN, type Names } from './names.ts';
import type { Address, Seed } from './seed.ts';

/** A server that accepted a connection, and the address of it. */
export interface Reached extends Address {
  readonly address: string;
}

/** Whether a host belongs to MongoDB Atlas, which closes connections from addresses that are not on a cluster's list. */
export const isAtlas = (host: string) => /\.mongodb(?:gov)?\.net\.?$/i.test(host);

/** Resolves every server and connects to it. `next` is the first that accepts a connection. */
export async function reach(seed: Pick<Seed, 'servers'>, names: Names): Promise<Layer<Reached>> {
  const looked = await Promise.all(seed.servers.map((server) => addressesOf(server, names)));
  const known = looked.filter(({ addresses }) => addresses.length > 0);
  const unknown = looked.filter(({ addresses }) => addresses.length === 0);
  const dns = unknown.map(({ server, error }) => {
    const words = `${server.host} has no address (${codeOf(error)})`;
    const fix = isServiceName(server.host) ? SERVICE_NAME : undefined;
    return known.length > 0 ? warning('dns', 'DNS', words, fix) : fault('dns', 'DNS', words, fix);
  });
  if (known.length === 0) return { findings: dns };
  if (dns.length === 0) dns.push(good('dns', 'DNS', known.map(describeLookup).join('; ')));

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

/** The default port of a SOCKS5 proxy (RFC 1928). */
const SOCKS_PORT = 1080;

/** Connects to the SOCKS5 proxy that a string names. Only the proxy can reach what is behind it. */
export async function reachProxy(
  host: string,
  port: string | undefined,
  names: Names,
): Promise<Layer<Address>> {
  const proxy = { host, port: Number(port ?? SOCKS_PORT) };
  const { findings, next } = await reach({ servers: [proxy] }, names);
  const told = findings
    .filter(({ id }) => id !== 'dead-store')
    .map((finding) => ({ ...finding, subject: 'proxy', ...(finding.fix !== undefined && { fix: PROXY }) }));
  return next ? { findings: told, next: proxy } : { findings: told };
}

const PROXY =
  'Start the SOCKS5 proxy, correct proxyHost and proxyPort, or delete them: the driver then connects directly.';

/** Whether a host is one word, as services are in a compose file. */
const isServiceName = (host: string) => /^[a-z][a-z0-9_-]*$/i.test(host) && host !== 'localhost';
const SERVICE_NAME =
  'The name of a service is known only inside its compose network. From outside publish its port (ports: "27017:27017") and write 127.0.0.1. A host elsewhere has dots in its name: compare it letter by letter.';

const LOOPBACK = ['127.0.0.1', '::1'];
const isLocal = ({ server, addresses }: Looked) =>
  server.host === 'localhost' || addresses.some((address) => LOOPBACK.includes(address));

/** A finding for a server that does not accept connections. On this machine, tries the other loopback address as well. */
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
const describeLookup = ({ server, addresses }: Looked) =>
  addresses.includes(server.host)
    ? `${server.host} is an address`
    : `${server.host} is ${addresses.join(', ')}`;
