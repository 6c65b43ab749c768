import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { closeServer } from '../shared/close-server.ts';

const EXECUTABLE = pathToFileURL(join(import.meta.dirname, 'fixtures', 'executable.mjs')).href;

/** The source of a program that replaces mongod from any folder: `first`, and then the embedded engine's executable. */
export const mongodScript = (first = '') =>
  `#!/usr/bin/env node\n${first}\nimport(${JSON.stringify(EXECUTABLE)});\n`;

/** An archive as MongoDB offers it for Linux and macOS: `bin/mongod` is the stand-in, and 2 MB that do not compress make a progress bar visible. */
export async function mongodArchive(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'workshop-archive-'));
  const bin = join(folder, 'mongodb-8.2.6', 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'mongod'), mongodScript());
  await chmod(join(bin, 'mongod'), 0o755);
  await writeFile(join(folder, 'mongodb-8.2.6', 'README'), randomBytes(2_000_000));
  const file = join(folder, 'archive.tgz');
  await promisify(execFile)('tar', ['-czf', file, '-C', folder, 'mongodb-8.2.6']);
  const archive = await readFile(file);
  await rm(folder, { recursive: true });
  return archive;
}

/** A download mirror on the loopback. What it serves can be changed while it runs. */
export interface Mirror {
  /** http://127.0.0.1:PORT, or https://… */
  readonly url: string;
  /** The requests so far, such as "GET tgz" and "GET md5". */
  readonly asked: string[];
  archive: Buffer;
  /** The MD5 sum that the mirror sends; default: that of the archive. */
  checksum: string | undefined;
  /** The status of every answer. */
  status: number;
  /** Sends the archive; a test may replace it. */
  send: (response: ServerResponse) => void;
  stop(): Promise<void>;
}

/** @param tls makes it an https server */
export async function startMirror(archive: Buffer, tls?: { key: string; cert: string }): Promise<Mirror> {
  const answer: RequestListener = ({ method, url = '' }, response) => {
    const kind = url.endsWith('.md5') ? 'md5' : 'tgz';
    mirror.asked.push(`${method} ${kind}`);
    const sum = mirror.checksum ?? createHash('md5').update(mirror.archive).digest('hex');
    const body = kind === 'md5' ? Buffer.from(`${sum}  mongodb.tgz\n`) : mirror.archive;
    response.writeHead(mirror.status, { 'content-length': body.length });
    if (method === 'HEAD' || mirror.status !== 200) response.end();
    else if (kind === 'md5') response.end(body);
    else mirror.send(response);
  };
  const server = tls ? createHttpsServer(tls, answer) : createHttpServer(answer);
  const mirror: Mirror = {
    url: '',
    asked: [],
    archive,
    checksum: undefined,
    status: 200,
    send: (response) => response.end(mirror.archive),
    stop: async () => {
      await closeServer(server);
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(mirror, {
    url: `http${tls ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
}

/** The environment of a machine in `folder` without a mongod, whose downloads come from `mirror`. Its PATH is `folder` alone. */
export function bareMachine(folder: string, mirror: string): Record<string, string> {
  const proxies = ['yarn_https-proxy', 'yarn_proxy', 'npm_config_https-proxy', 'npm_config_proxy'];
  return {
    ...Object.fromEntries(
      [...proxies, 'https_proxy', 'http_proxy', 'HTTPS_PROXY', 'HTTP_PROXY'].map((name) => [name, '']),
    ),
    PATH: folder,
    HOME: folder,
    MONGOMS_SYSTEM_BINARY: '',
    MONGOMS_RUNTIME_DOWNLOAD: 'true',
    MONGOMS_DOWNLOAD_URL: '',
    MONGOMS_DOWNLOAD_DIR: join(folder, 'cache'),
    MONGOMS_DOWNLOAD_MIRROR: mirror,
    MONGOMS_USE_HTTP: 'true',
    // The same on every system, also one for which MongoDB has no builds.
    MONGOMS_DISTRO: 'debian-12',
    MONGOMS_VERSION: '8.2.6',
    WORKSHOP_MONGO: '',
    CI: '',
  };
}
