import type { LookupAddress, SrvRecord } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { within } from './within.ts';

/** The limit for one DNS question or one TCP handshake, in milliseconds. Drivers wait thirty seconds. */
export const ANSWER_WITHIN = 2000;
/** The same for the driver, for handshake, TLS and login together. */
export const DRIVER_WITHIN = 3000;

/** The doctor's resolvers. */
export interface Names {
  /** SRV and TXT go to a DNS server, as in the driver. */
  srv(name: string): Promise<Pick<SrvRecord, 'name' | 'port'>[]>;
  txt(name: string): Promise<string[][]>;
  /** Addresses come from the operating system, which also reads its hosts file. */
  addresses(host: string): Promise<LookupAddress[]>;
  /** The DNS servers for SRV and TXT. Node has its own list, which can differ from the system's. */
  servers?(): string[];
}

/** @param servers replaces the system's DNS servers for SRV and TXT */
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
