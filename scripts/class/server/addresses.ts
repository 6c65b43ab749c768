import { networkInterfaces } from 'node:os';

/** Networks inside this machine, of containers and virtual machines: no learner can reach them. */
const VIRTUAL = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|utun|tailscale|zt)/i;

/** Where others in the network reach this machine: its IPv4 addresses, the likely ones first. */
export function addressesOfThisMachine(interfaces = networkInterfaces()): string[] {
  return Object.entries(interfaces)
    .flatMap(([name, addresses = []]) =>
      addresses
        // A machine gives itself 169.254… when no network gave it an address.
        .filter(
          ({ family, internal, address }) =>
            family === 'IPv4' && !internal && !address.startsWith('169.254.'),
        )
        .map(({ address }) => ({ address, isVirtual: VIRTUAL.test(name) })),
    )
    .sort((a, b) => Number(a.isVirtual) - Number(b.isVirtual))
    .map(({ address }) => address);
}
