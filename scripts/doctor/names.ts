import type { LookupAddress, SrvRecord } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { within } from './within.ts';

/** For how long one question or one handshake may go unanswered, in milliseconds. Drivers wait thirty seconds. */
export const ANSWER_WITHIN = 2000;
/** The same for the driver, which greets, encrypts and logs in within it. */
export const DRIVER_WITHIN = 3000;

/** Whom the doctor asks for names. */
export interface Names {
  /** SRV and TXT are asked of a DNS server, as drivers do. */
  srv(name: string): Promise<Pick<SrvRecord, 'name' | 'port'>[]>;
  txt(name: string): Promise<string[][]>;
  /** Addresses are asked of the operating system, which has its hosts file. */
  addresses(host: string): Promise<LookupAddress[]>;
  /** The DNS servers that are asked for SRV and TXT: Node has a list of its own, which can differ from the system's. */
  servers?(): string[];
}

/** @param servers DNS servers other than the system's, for SRV and TXT */
export function systemNames(servers?: readonly string[]): Names {
  const resolver = new Resolver({ timeout: ANSWER_WITHIN, tries: 1 });
  if (servers) resolver.setServers(servers);
  return {
    servers: () => resolver.getServers(),
    srv: (name) => within(ANSWER_WITHIN, resolver.resolveSrv(name)),
    txt: (name) => within(ANSWER_WITHIN, resolver.resolveTxt(name)),
    addresses: async (host) => {
      const family = isIP(host);
      return family ? [{ address: host, family }] : within(ANSWER_WITHIN, lookup(host, { all: true }));
    },
  };
}
