import { networkInterfaces } from 'node:os';

/** Networks inside this machine, of containers and virtual machines: nobody in the room is in them. */
const VIRTUAL = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|utun|tailscale|zt)/i;

/** Where others in the network reach this machine: its IPv4 addresses, the likely ones first. */
export function addressesOfThisMachine(interfaces = networkInterfaces()): string[] {
  return Object.entries(interfaces)
    .flatMap(([name, addresses = []]) =>
      addresses
        // 169.254… is what a machine gives itself when no network gave it one.
        .filter(
          ({ family, internal, address }) =>
            family === 'IPv4' && !internal && !address.startsWith('169.254.'),
        )
        .map(({ address }) => ({ address, isVirtual: VIRTUAL.test(name) })),
    )
    .sort((a, b) => Number(a.isVirtual) - Number(b.isVirtual))
    .map(({ address }) => address);
}
