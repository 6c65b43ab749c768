import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type EmbeddedMongo, startEmbedded } from '../engine/server.ts';
import { type DnsRecord, type DnsStandIn, startDnsStandIn } from '../mongo/dns-stand-in.ts';
import { refusedUri } from '../mongo/refused.ts';
import { SELF_SIGNED } from '../mongo/self-signed.ts';
import { startTap } from '../mongo/tap.ts';
import { diagnose } from './diagnose.ts';
import type { Finding } from './finding.ts';
import { type Names, systemNames } from './names.ts';

// The doctor waits in these tests, and the machine may be busy.
const CLUSTER = 'cluster.session-shop.test';
const NODE = 'mongo-0.session-shop.test';
let mongo: EmbeddedMongo;
let port: number;
beforeAll(async () => {
  mongo = await startEmbedded({ users: { ann: 'p@ss/word' } });
  port = Number(new URL(mongo.uri).port);
});
afterAll(() => mongo.stop());

/** A resolver whose DNS server has these records. */
async function standInNames(records: readonly DnsRecord[]): Promise<Names> {
  const standIn: DnsStandIn = await startDnsStandIn(records);
  onTestFinished(() => standIn.stop());
  const resolver = new Resolver({ tries: 1 });
  resolver.setServers([standIn.address]);
  return {
    ...systemNames([standIn.address]),
    addresses: async (host) => {
      if (/^[\d.]+$/.test(host)) return [{ address: host, family: 4 }];
      return (await resolver.resolve4(host)).map((address) => ({ address, family: 4 }));
    },
  };
}

const srv = (target = NODE, at = port): DnsRecord => ({
  type: 'SRV',
  name: `_mongodb._tcp.${CLUSTER}`,
  data: { target, port: at },
});
const txt = (...data: string[]): DnsRecord => ({ type: 'TXT', name: CLUSTER, data });
const a: DnsRecord = { type: 'A', name: NODE, data: '127.0.0.1' };

const verdicts = (findings: readonly Finding[]) =>
  findings.filter(({ verdict }) => verdict === 'fault' || verdict === 'warning').map(({ id }) => id);

test('mongodb+srv:// is followed to its server, and takes options from the TXT record', async () => {
  const names = await standInNames([srv(), txt('authSource=admin'), a]);
  const findings = await diagnose(`mongodb+srv://ann:p%40ss%2Fword@${CLUSTER}/shop?tls=false`, { names });
  expect(verdicts(findings)).toEqual([]);
  expect(findings).toContainEqual(
    expect.objectContaining({ id: 'srv', words: `_mongodb._tcp.${CLUSTER} names 1 server` }),
  );
  expect(findings).toContainEqual(
    expect.objectContaining({ id: 'login', words: 'as ann, by the database admin' }),
  );
});

test('mongodb+srv:// is in TLS unless it says otherwise', async () => {
  const names = await standInNames([srv(), a]);
  expect(verdicts(await diagnose(`mongodb+srv://ann:pw@${CLUSTER}/shop`, { names }))).toEqual([
    'tls-protocol',
  ]);
});

test.each<[string, DnsRecord[], RegExp]>([
  ['no SRV record', [a], /ENOTFOUND/],
  [
    'a server of somebody else',
    [srv('mongo-0.example.org')],
    /mongo-0\.example\.org, not below session-shop\.test/,
  ],
  ['a TXT record that says too much', [srv(), txt('tls=false')], /TXT record/],
])('%s ends it there', async (_, records, words) => {
  const findings = await diagnose(`mongodb+srv://ann:pw@${CLUSTER}/shop`, {
    names: await standInNames(records),
  });
  expect(verdicts(findings)).toEqual(['srv']);
  expect(findings.at(-1)?.words).toMatch(words);
});

test('a server without an address ends it there; one of two only warns', async () => {
  const names = await standInNames([a]);
  const lost = await diagnose('mongodb://lost.session-shop.test/shop', { names });
  expect(verdicts(lost)).toEqual(['dns']);
  expect(lost.at(-1)?.words).toBe('lost.session-shop.test has no address (ENOTFOUND)');
  const tap = await startTap(mongo.uri);
  onTestFinished(() => tap.stop());
  const { port: at } = new URL(tap.uri);
  const two = `mongodb://ann:p%40ss%2Fword@lost.session-shop.test,${NODE}:${at}/shop?authSource=admin`;
  // A driver with several servers drops one that is in no replica set.
  expect(verdicts(await diagnose(two, { names }))).toEqual(['dns', 'replica-set']);
  tap.asReplicaSetMember();
  expect(verdicts(await diagnose(two, { names }))).toEqual(['dns']);
});

test('a DNS server that is silent is given up after two seconds', async () => {
  const silent = createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => void silent.close());
  const names = systemNames([`127.0.0.1:${silent.address().port}`]);
  const findings = await diagnose(`mongodb+srv://${CLUSTER}/shop`, { names });
  expect(verdicts(findings)).toEqual(['srv-resolver']);
  expect(findings.at(-1)?.words).toMatch(/ETIMEOUT.*Node asks 127\.0\.0\.1:\d+, on this machine/);
});

test('a DNS server that refuses is told apart from a name that is not there', async () => {
  const refusing = () =>
    Promise.reject(Object.assign(new Error('querySrv ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  for (const [server, words] of [
    ['127.0.0.1', /ECONNREFUSED\); Node asks 127\.0\.0\.1, on this machine$/],
    ['192.0.2.1', /\(ECONNREFUSED\)$/],
  ] as const) {
    const names = { ...systemNames(), srv: refusing, txt: refusing, servers: () => [server] };
    const findings = await diagnose(`mongodb+srv://${CLUSTER}/shop`, { names });
    expect(verdicts(findings)).toEqual(['srv-resolver']);
    expect(findings.at(-1)).toMatchObject({
      words: expect.stringMatching(words),
      fix: expect.stringContaining('dns.getServers()'),
    });
  }
});

test('the name of a service of a compose file', async () => {
  const nobody = () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' }));
  const findings = await diagnose('mongodb://mongo:27017/shop', {
    names: { ...systemNames(), addresses: nobody },
  });
  expect(verdicts(findings)).toEqual(['dns']);
  expect(findings.at(-1)?.fix).toMatch(/compose network.*publish its port.*127\.0\.0\.1/);
});

test('nobody listens: said once, and what it does to a store', async () => {
  const refused = await refusedUri();
  onTestFinished(() => refused.release());
  const findings = await diagnose(`${refused.uri}shop`);
  expect(verdicts(findings)).toEqual(['host-away', 'dead-store']);
  expect(findings.map(({ id }) => id)).not.toContain('hello');
});

test('::1, where MongoDB listens on 127.0.0.1', async () => {
  const names = { ...systemNames(), addresses: async () => [{ address: '::1', family: 6 }] };
  const findings = await diagnose(`mongodb://localhost:${port}/shop`, { names });
  expect(verdicts(findings)).toEqual(['localhost']);
  expect(findings.at(-1)).toMatchObject({ fix: 'Write 127.0.0.1 for the host.' });
});

test('localhost that is ::1 first is no fault for Node, and worth a word', async () => {
  const both = [
    { address: '::1', family: 6 },
    { address: '127.0.0.1', family: 4 },
  ];
  const names = { ...systemNames(), addresses: async () => both };
  const uri = `mongodb://ann:p%40ss%2Fword@localhost:${port}/shop?authSource=admin`;
  const findings = await diagnose(uri, { names });
  expect(verdicts(findings)).toEqual([]);
  expect(findings).toContainEqual(expect.objectContaining({ id: 'localhost', verdict: 'note' }));
});

test.each([
  ['tls', '', 'its certificate is signed by nobody known here (DEPTH_ZERO_SELF_SIGNED_CERT)'],
  ['tls-file', '&tlsCAFile=/nowhere/ca.pem', 'the file of tlsCAFile cannot be read (ENOENT)'],
  [
    'tls-file',
    `&tlsCAFile=${encodeURIComponent(import.meta.filename)}`,
    'the file of tlsCAFile is no PEM: it holds no certificate',
  ],
])('a self-signed certificate: %s, with %s', async (id, options, words) => {
  const server = createTlsServer(SELF_SIGNED, (socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const findings = await diagnose(
    `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/shop?tls=true${options}`,
  );
  expect(verdicts(findings)).toEqual([id]);
  expect(findings.at(-1)?.words).toBe(words);
});

test('something that is no MongoDB: it hangs up, or says something else', async () => {
  for (const word of ['', 'HTTP/1.1 400 Bad Request\r\n\r\n']) {
    const server = createServer((socket) => socket.on('error', () => {}).end(word));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const findings = await diagnose(`mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/shop`);
    server.close();
    expect(verdicts(findings)).toEqual(['hello']);
  }
});

test('a proxy that is not there is told from the server behind it', async () => {
  const refused = await refusedUri();
  onTestFinished(() => refused.release());
  const { port: nobody } = new URL(refused.uri);
  const findings = await diagnose(`mongodb://db.internal/shop?proxyHost=127.0.0.1&proxyPort=${nobody}`);
  expect(findings.at(-1)).toMatchObject({
    id: 'host-away',
    subject: 'proxy',
    words: `127.0.0.1:${nobody} refuses connections (ECONNREFUSED)`,
    fix: expect.stringContaining('SOCKS5'),
  });
});
