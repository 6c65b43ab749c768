import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { ownPort } from './own-port.ts';

test('a port that somebody still holds is taken as soon as they let go', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const server = createServer();
  let tries = 0;
  await ownPort(async () => {
    tries++;
    if (tries === 3) holder.close();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  });
  expect(tries).toBeGreaterThanOrEqual(3);
  expect((server.address() as AddressInfo).port).toBe(port);
  server.close();
});

test('any other error is told at once', async () => {
  let tries = 0;
  const failing = ownPort(async () => {
    tries++;
    throw Object.assign(new Error('not allowed'), { code: 'EACCES' });
  });
  await expect(failing).rejects.toThrow('not allowed');
  expect(tries).toBe(1);
});
