import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { refusedUri } from '../mongo/refused.ts';
import { type RedisProxy, startRedisProxy } from './redis-proxy.ts';

let echo: Server;
let heard = '';
let line: RedisProxy;

beforeEach(async () => {
  heard = '';
  // Echoes everything.
  echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (text) => {
      heard += text;
      socket.write(text);
    });
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  line = await startRedisProxy(`redis://:hush@127.0.0.1:${(echo.address() as AddressInfo).port}/3`);
});
afterEach(async () => {
  await line.stop();
  echo.close();
});

async function call(): Promise<Socket> {
  const socket = connect(Number(new URL(line.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

async function asks(socket: Socket, word: string): Promise<string> {
  socket.write(word);
  const [answer] = await once(socket, 'data');
  return String(answer);
}

/** Resolves when a socket has closed, also after an error. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.on('close', () => resolve()));
}

it('passes on what is said, at the same address but for host and port', async () => {
  expect(await asks(await call(), 'ping')).toBe('ping');
  expect(line.url).toMatch(/^redis:\/\/:hush@127\.0\.0\.1:\d+\/3$/);
  expect(line.connections).toBe(1);
});

it('refuses: who talks is cut off, who comes is turned away, until it behaves', async () => {
  const talking = await call();
  await asks(talking, 'ping');
  const cut = closed(talking);
  await line.refuse();
  await cut;
  await expect(call()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await line.behave();
  expect(await asks(await call(), 'again')).toBe('again');
});

it('hangs: nothing is answered or heard, and who was talking has to come again', async () => {
  const talking = await call();
  await asks(talking, 'ping');
  line.hang();
  const late = await call();
  const cut = [talking, late].map(closed);
  for (const socket of [talking, late]) socket.write('lost');
  await line.behave();
  await Promise.all(cut);
  expect(await asks(await call(), 'again')).toBe('again');
  expect(heard).toBe('pingagain');
});

it('hangs up on who calls a Redis that is not there, and counts them', async () => {
  const { uri, release } = await refusedUri();
  const deaf = await startRedisProxy(`redis://127.0.0.1:${new URL(uri).port}`);
  const socket = connect(Number(new URL(deaf.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await closed(socket);
  expect(deaf.connections).toBe(1);
  await deaf.stop();
  await release();
});
