import dns, { type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';

/** Node's own lookup, also after the first askDns replaced it. */
const systemLookup = dns.lookup;

type LookedUp = (error: Error | null, ...found: unknown[]) => void;

/**
 * From now on this process asks only that DNS server: for records, and for the addresses of hosts, which Node leaves
 * to the operating system otherwise. The system still resolves `localhost` and IP addresses.
 * @param server '127.0.0.1:PORT'
 */
export function askDns(server: string): void {
  const lookup = (name: string, options: LookupOptions, done: LookedUp) => {
    if (isIP(name) || name === 'localhost') {
      systemLookup(name, options, done);
      return;
    }
    dns.resolve4(name, (error, addresses) => {
      if (error) done(error);
      else if (options.all)
        done(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        );
      else done(null, addresses[0], 4);
    });
  };
  dns.setServers([server]);
  // net.connect() reads dns.lookup at each call, and uses this form.
  dns.lookup = lookup as typeof dns.lookup;
}
