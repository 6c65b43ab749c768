import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DnsStandIn, startDnsStandIn } from './dns-stand-in.ts';

const CLUSTER = 'cluster.session-shop.test';
const NODE = 'mongo-0.session-shop.test';

let standIn: DnsStandIn;
const resolver = new Resolver();

beforeAll(async () => {
  standIn = await startDnsStandIn([
    { type: 'SRV', name: `_mongodb._tcp.${CLUSTER}`, data: { target: NODE, port: 27018 } },
    { type: 'TXT', name: CLUSTER, data: ['authSource=admin'] },
    { type: 'A', name: NODE, data: '127.0.0.1' },
  ]);
  resolver.setServers([standIn.address]);
});
afterAll(() => standIn.stop());

test('a cluster has SRV and TXT records, in whatever case it is asked for', async () => {
  expect(await resolver.resolveSrv(`_mongodb._tcp.${CLUSTER}`)).toMatchObject([{ name: NODE, port: 27018 }]);
  expect(await resolver.resolveTxt(CLUSTER.toUpperCase())).toEqual([['authSource=admin']]);
});

test('a name that nobody has is not found, and one without such a record has no data', async () => {
  await expect(resolver.resolveSrv('_mongodb._tcp.other.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(resolver.resolveTxt(NODE)).rejects.toMatchObject({ code: 'ENODATA' });
});

test('it tells what it was asked first, and waits no longer than it is told', async () => {
  const other = await startDnsStandIn([]);
  expect(await other.firstQuestion(1)).toBeUndefined();
  const asks = new Resolver();
  asks.setServers([other.address]);
  const answer = asks.resolveTxt(CLUSTER).catch(() => {});
  expect(await other.firstQuestion(10_000)).toMatchObject({ type: 'TXT', name: CLUSTER });
  await answer;
  await other.stop();
});

test('it lives on after a message that is no question', async () => {
  const client = createSocket('udp4');
  const [host, port] = standIn.address.split(':');
  client.send('?', Number(port), host);
  expect(await resolver.resolve4(NODE)).toEqual(['127.0.0.1']);
  client.close();
});

test('a process told to ask it finds hosts there, and no others', async () => {
  const server = createServer((socket) => socket.end('found')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connects = `
    const { askDns } = await import('./scripts/mongo/ask-dns.ts');
    const { connect } = await import('node:net');
    askDns('${standIn.address}');
    connect(${port}, '${NODE}').pipe(process.stdout);
    connect(${port}, 'example.com').on('error', (error) => process.stderr.write(error.code));
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', connects];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  server.close();
  expect({ stdout, stderr }).toEqual({ stdout: 'found', stderr: 'ENOTFOUND' });
});
