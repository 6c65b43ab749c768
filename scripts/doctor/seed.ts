import { decoded, type Parts } from '../shared/connection-string.ts';
import { codeOf } from '../shared/error-code.ts';
import { type Finding, fault, good, type Layer } from './finding.ts';
import type { Names } from './names.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where a driver begins: the servers, and a plain mongodb:// string for them. */
export interface Seed {
  readonly servers: readonly Address[];
  /** Contains the password: never show it. */
  readonly uri: string;
}

/** The servers of a connection string. For mongodb+srv://, asks DNS for them as the driver does (Initial DNS Seedlist Discovery spec). */
export async function findSeed(parts: Parts, names: Names): Promise<Layer<Seed>> {
  if (parts.scheme === 'mongodb') {
    return { findings: [], next: seed(parts, parts.hosts.split(',').map(addressOf), parts.options) };
  }
  const service = optionOf(parts, 'srvServiceName') ?? 'mongodb';
  const name = `_${service}._tcp.${parts.hosts}`;
  try {
    const [targets, texts] = await Promise.all([names.srv(name), names.txt(parts.hosts).catch(absent)]);
    const wrong = unrelated(targets, parts.hosts) ?? ambiguous(texts);
    if (wrong) return { findings: [fault('srv', 'SRV', ...wrong)] };
    const found: Finding = good('srv', 'SRV', `${name} names ${counted(targets.length, 'server')}`);
    const servers = targets.map(({ name: host, port }) => ({ host, port }));
    return { findings: [found], next: seed(parts, servers, srvOptions(parts, texts[0] ?? [])) };
  } catch (error) {
    return { findings: [noAnswer(name, codeOf(error), names)] };
  }
}

/** A finding for an SRV question without an answer: the name does not exist, or the DNS server does not answer. */
function noAnswer(name: string, code: string, { servers }: Names): Finding {
  if (/ENOTFOUND|ENODATA|EBADNAME/.test(code))
    return fault('srv', 'SRV', `DNS has no answer for ${name} (${code})`);
  const asked = servers?.() ?? [];
  const own = asked.length > 0 && asked.every((server) => /^127\.|^\[?::1\]?/.test(server));
  const words = `the DNS server gives no answer for ${name} (${code})`;
  if (!own) return fault('srv-resolver', 'SRV', words);
  return fault('srv-resolver', 'SRV', `${words}; Node asks ${asked.join(', ')}, on this machine`);
}

/** A cluster may have no TXT record. */
function absent(error: unknown): string[][] {
  if (/ENODATA|ENOTFOUND/.test(codeOf(error))) return [];
  throw error;
}

/** Drivers accept only servers below the domain of the string's host. */
function unrelated(targets: readonly { name: string }[], host: string): [string, string] | undefined {
  const parts = host.replace(/\.$/, '').split('.');
  const domain = `.${(parts.length < 3 ? parts : parts.slice(1)).join('.')}`.toLowerCase();
  const stray = targets.find(({ name }) => !name.toLowerCase().replace(/\.$/, '').endsWith(domain));
  if (targets.length === 0)
    return ['DNS names no server', 'Compare the host with the one your provider shows.'];
  return (
    stray && [`DNS names ${stray.name}, not below ${domain.slice(1)}`, 'Ask whoever keeps this DNS zone.']
  );
}

const TXT_OPTIONS = ['authSource', 'replicaSet', 'loadBalanced'];

function ambiguous(texts: readonly (readonly string[])[]): [string, string] | undefined {
  const names = [...new URLSearchParams(texts[0]?.join('')).keys()];
  const sound = texts.length < 2 && names.every((name) => TXT_OPTIONS.includes(name));
  return sound
    ? undefined
    : ['its TXT record says more than a driver takes', 'Ask whoever keeps this DNS zone.'];
}

/** The string's options win over those of the TXT record, and TLS is on by default. */
function srvOptions(parts: Parts, text: readonly string[]): Parts['options'] {
  const fromText = [...new URLSearchParams(text.join(''))].filter(
    ([name]) => optionOf(parts, name) === undefined,
  );
  const secured = [...parts.options].some(([name]) => /^(?:tls|ssl)$/i.test(name));
  const own = parts.options.filter(([name]) => !/^srv/i.test(name));
  return [...own, ...fromText, ...(secured ? [] : [['tls', 'true'] as const])];
}

function seed(parts: Parts, servers: readonly Address[], options: Parts['options']): Seed {
  const { user, password, database } = parts;
  const login = user === undefined ? '' : `${user}${password === undefined ? '' : `:${password}`}@`;
  const hosts = servers
    .map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
    .join(',');
  const query = options.map(([name, value]) => (value === undefined ? name : `${name}=${value}`)).join('&');
  // The path of a socket has no port.
  const list = parts.hosts.includes('%2F') ? parts.hosts : hosts;
  return { servers, uri: `mongodb://${login}${list}/${database}${query ? `?${query}` : ''}` };
}

function addressOf(host: string): Address {
  const [, name = '', port = '27017'] = /^(.*?)(?::(\d+))?$/.exec(host.startsWith('[') ? '' : host) ?? [];
  const [, six, sixPort = '27017'] = /^\[(.*)\](?::(\d+))?$/.exec(host) ?? [];
  return six === undefined
    ? { host: decoded(name), port: Number(port) }
    : { host: six, port: Number(sixPort) };
}

/** An option's value. Names are equal in upper and lower case. */
export function optionOf({ options }: Pick<Parts, 'options'>, wanted: string): string | undefined {
  return options.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
}

const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`;
