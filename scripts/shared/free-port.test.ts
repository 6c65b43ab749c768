import { once } from 'node:events';
import { type AddressInfo, createServer, Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it, onTestFinished, vi } from 'vitest';

const asked: unknown[] = [];
vi.mock('get-port', async (original) => {
  const { default: getPort } = await original<typeof import('get-port')>();
  return {
    default: (options: Parameters<typeof getPort>[0]) => {
      asked.push(options);
      return getPort(options);
    },
  };
});
const { freePort } = await import('./free-port.ts');

/** A program that listens. @returns its port */
async function listener(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const hasIpv6 = Object.values(networkInterfaces()).some((each) =>
  each?.some(({ address }) => address === '::1'),
);

/** A port without a listener. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

it('asks on 127.0.0.1 alone, first for the favourite', async () => {
  const listen = vi.spyOn(Server.prototype, 'listen');
  onTestFinished(() => listen.mockRestore());
  const port = await unusedPort();
  listen.mockClear();
  expect(await freePort(port)).toBe(port);
  expect(listen.mock.calls).toEqual([[port, '127.0.0.1']]);
  expect(asked).toEqual([]);
  await freePort();
  expect(asked).toEqual([{ host: '127.0.0.1' }]);
});

it('gives a favourite again that was given back: a lesson that opens anew keeps its address', async () => {
  const port = await unusedPort();
  expect([await freePort(port), await freePort(port)]).toEqual([port, port]);
});

it.each(['127.0.0.1', '0.0.0.0'])('leaves a port alone that a program has on %s', async (host) => {
  const taken = await listener(host);
  expect(await freePort(taken)).not.toBe(taken);
});

if (hasIpv6)
  it('leaves a port alone that a program has on ::1, where localhost may lead', async () => {
    const taken = await listener('::1');
    expect(await freePort(taken)).not.toBe(taken);
  });
