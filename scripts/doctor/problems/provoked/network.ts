import { createSocket } from 'node:dgram';
import { lookup, Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { connect as connectTls, createSecureContext, createServer as createTlsServer } from 'node:tls';
import connectMongoDBSession from 'connect-mongodb-session';
import session from 'express-session';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { startEmbedded } from '../../../engine/server.ts';
import { startDnsStandIn } from '../../../mongo/dns-stand-in.ts';
import { refusedUri } from '../../../mongo/refused.ts';
import { SELF_SIGNED } from '../../../mongo/self-signed.ts';
import { startTap, type Tap } from '../../../mongo/tap.ts';
import { type Provocations, thrown } from './support.ts';

const MongoDBStore = connectMongoDBSession(session);

/** Runs with a server that listens on a free port of this machine. */
async function listening(
  server: ReturnType<typeof createServer>,
  run: (port: number) => Promise<string>,
): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await run((server.address() as { port: number }).port);
  } finally {
    server.close();
  }
}

/** The error of a driver that connects with these options. */
const connecting = (uri: string, options: MongoClientOptions = {}) =>
  thrown(async () => {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1500, ...options });
    try {
      await client.connect();
      await client.db('shop').collection('sessions').findOne();
    } finally {
      await client.close();
    }
  });

async function tapped(
  fault: (tap: Tap) => unknown,
  run: (uri: string, tap: Tap) => Promise<string>,
): Promise<string> {
  const mongo = await startEmbedded({ users: { ann: 'pw' } });
  const tap = await startTap(mongo.uri);
  try {
    await fault(tap);
    return await run(tap.uri, tap);
  } finally {
    await tap.stop();
    await mongo.stop();
  }
}

/** The error of a DNS question to a server without the record. */
async function asking(name: string): Promise<string> {
  const standIn = await startDnsStandIn([{ type: 'A', name: 'a.example.test', data: '127.0.0.1' }]);
  const resolver = new Resolver({ tries: 1, timeout: 20_000 });
  resolver.setServers([standIn.address]);
  try {
    return await thrown(() => resolver.resolveSrv(name));
  } finally {
    await standIn.stop();
  }
}

async function silentDns(): Promise<string> {
  const silent = createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
  const resolver = new Resolver({ tries: 1, timeout: 200 });
  resolver.setServers([`127.0.0.1:${silent.address().port}`]);
  try {
    return await thrown(() => resolver.resolveSrv('_mongodb._tcp.cluster.example.test'));
  } finally {
    silent.close();
  }
}

const refused = async (run: (uri: string) => Promise<string>) => {
  const place = await refusedUri();
  try {
    return await run(place.uri);
  } finally {
    await place.release();
  }
};

const tls = () =>
  createTlsServer(SELF_SIGNED, (socket) => socket.on('error', () => {})).on('tlsClientError', () => {});

export const NETWORK: Provocations = {
  'querySrv ENOTFOUND …': () => asking('_mongodb._tcp.cluster.example.test'),
  'querySrv EBADNAME …': () => asking('_mongodb._tcp.cluster..example.test'),
  'querySrv ETIMEOUT …': silentDns,
  'querySrv ECONNREFUSED …': () =>
    refused((uri) => {
      const resolver = new Resolver({ tries: 1, timeout: 2000 });
      resolver.setServers([new URL(uri).host]);
      return thrown(() => resolver.resolveSrv('_mongodb._tcp.cluster.example.test'));
    }),
  'getaddrinfo ENOTFOUND …': () => thrown(() => lookup('host.invalid')),
  'connect ECONNREFUSED …': () => refused((uri) => connecting(uri)),
  'Error connecting to db: …': () =>
    refused(
      (uri) =>
        new Promise((resolve) => {
          const store = new MongoDBStore(
            { uri, collection: 'sessions', connectionOptions: { serverSelectionTimeoutMS: 200 } },
            (error) => resolve(String(error)),
          );
          store.on('error', () => {});
        }),
    ),
  'Server selection timed out after 30000 ms': () =>
    tapped(
      (tap) => tap.hang(),
      (uri) => connecting(uri),
    ),
  'connection … to … closed': () =>
    tapped(
      (tap) => tap.dropAt('find', 9),
      (uri) => connecting(uri.replace('//', '//ann:pw@')),
    ),
  'connection … to … timed out': () =>
    tapped(
      () => {},
      (uri, tap) =>
        thrown(async () => {
          const client = await MongoClient.connect(uri, { socketTimeoutMS: 100 });
          const ping = () => client.db('shop').command({ ping: 1 });
          // Only an open connection can time out: a new one has another limit, of 30 s.
          await ping().catch(ping);
          tap.hang();
          await ping().finally(() => client.close());
        }),
    ),
  'Topology is closed': () =>
    tapped(
      () => {},
      (uri) =>
        thrown(async () => {
          const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1000 });
          const finding = client.db('shop').command({ ping: 1 });
          finding.catch(() => {});
          await client.close();
          await finding;
        }),
    ),
  'self-signed certificate': () =>
    listening(tls(), (port) => connecting(`mongodb://127.0.0.1:${port}/?tls=true`)),
  'wrong version number': () =>
    listening(
      createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      (port) => connecting(`mongodb://127.0.0.1:${port}/?tls=true`),
    ),
  "Hostname/IP does not match certificate's altnames": () =>
    listening(tls(), (port) =>
      thrown(async () => {
        const socket = connectTls({
          port,
          host: '127.0.0.1',
          servername: 'other.example.test',
          ca: SELF_SIGNED.cert,
        });
        await once(socket, 'secureConnect').finally(() => socket.destroy());
      }),
    ),
  'tlsv1 alert internal error': () =>
    listening(
      createServer((socket) => {
        socket.on('error', () => {});
        // The alert of TLS that Atlas sends: 80, internal_error.
        socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 80])));
      }),
      (port) => connecting(`mongodb://127.0.0.1:${port}/?tls=true`),
    ),
  'PEM routines::no start line': () => thrown(() => createSecureContext({ ca: '', cert: 'no certificate' })),
  ReplicaSetNoPrimary: () =>
    refused(async (uri) => {
      const client = new MongoClient(`${uri}?replicaSet=rs0`, { serverSelectionTimeoutMS: 300 });
      const error = await client.connect().catch((each) => each);
      await client.close();
      return `MongoServerSelectionError ${JSON.stringify(error.reason)}`.replace(/ECONNREFUSED/g, '');
    }),
  'Timed out while checking out a connection from connection pool': () =>
    tapped(
      () => {},
      (uri) =>
        thrown(async () => {
          const client = await MongoClient.connect(uri.replace('//', '//ann:pw@'), {
            maxPoolSize: 1,
            waitQueueTimeoutMS: 1,
          });
          try {
            const asked = Array.from({ length: 50 }, () => client.db('shop').collection('a').findOne());
            await Promise.all(asked);
          } finally {
            await client.close();
          }
        }),
    ),
  'Authentication failed.': () =>
    tapped(
      () => {},
      (uri) => connecting(uri.replace('//', '//ann:other@')),
    ),
  'requires authentication': () =>
    tapped(
      () => {},
      (uri) => connecting(uri),
    ),
  'EISDIR: illegal operation on a directory, read': () => thrown(() => readFileSync(tmpdir())),
  ERR_SOCKET_BAD_PORT: () => thrown(() => connect(70_000)),
  'listen EADDRINUSE: address already in use …': () =>
    listening(createServer(), (port) =>
      thrown(async () => {
        const second = createServer().listen(port, '127.0.0.1');
        await once(second, 'listening').finally(() => second.close());
      }),
    ),
  ERR_INVALID_URL: () =>
    thrown(() => new URL('127.0.0.1:8080')).then((words) => `${words} [ERR_INVALID_URL]`),
};
