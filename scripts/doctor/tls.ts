import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import { MongoClient } from 'mongodb';
import { codeOf } from '../shared/error-code.ts';
import { type Finding, fault, good, type Layer } from './finding.ts';
import { ANSWER_WITHIN } from './names.ts';
import type { Reached } from './reach.ts';
import type { Seed } from './seed.ts';

/** Encrypts a connection as the string asks for it. Without tls in the string there is nothing to look at. */
export async function examineTls({ uri }: Seed, server: Reached): Promise<Layer<true>> {
  const { options } = new MongoClient(uri);
  if (!options.tls) return { findings: [], next: true };
  try {
    const ca = options.tlsCAFile ? await readFile(options.tlsCAFile) : undefined;
    const pem = options.tlsCertificateKeyFile ? await readFile(options.tlsCertificateKeyFile) : undefined;
    const protocol = await handshake({
      host: server.address,
      port: server.port,
      rejectUnauthorized: options.rejectUnauthorized ?? true,
      ...(isIP(server.host) ? {} : { servername: server.host }),
      ...(options.checkServerIdentity ? { checkServerIdentity: options.checkServerIdentity } : {}),
      ...(ca ? { ca } : {}),
      ...(pem ? { cert: pem, key: pem, ...passphrase(options.passphrase) } : {}),
    });
    return { findings: [good('tls', 'TLS', `${protocol}, certificate accepted`)], next: true };
  } catch (error) {
    return { findings: [refused(error)] };
  }
}

const passphrase = (text: string | undefined) => (text === undefined ? {} : { passphrase: text });

function handshake(options: ConnectionOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...options, timeout: ANSWER_WITHIN });
    const end = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.once('secureConnect', () => {
      const protocol = socket.getProtocol() ?? 'TLS';
      end(() => resolve(protocol));
    });
    socket.once('error', (error) => end(() => reject(error)));
    socket.once('timeout', () => end(() => reject(Object.assign(new Error(), { code: 'ETIMEOUT' }))));
  });
}

/** What goes wrong most often, by the code that OpenSSL or Node gives it. */
const REASONS: readonly (readonly [code: RegExp, words: string, fix?: string])[] = [
  [
    /ALERT_INTERNAL_ERROR/,
    'the server breaks off the handshake',
    'Atlas does that to an address that is not on its list: add yours under Network Access.',
  ],
  [
    /WRONG_VERSION|EPROTO|ECONNRESET|ETIMEOUT/,
    'the server does not answer in TLS',
    'Drop tls=true if this server has none, and see that the port is right.',
  ],
  [/EXPIRED/, 'its certificate has expired', 'Renew it on the server, and see that this clock is right.'],
  [
    /ALTNAME/,
    'its certificate is for another host name',
    'Write the host name that the certificate was made for.',
  ],
  [
    /SELF_SIGNED|UNABLE_TO/,
    'its certificate is signed by nobody known here',
    "Add tlsCAFile=PATH with the authority's certificate.",
  ],
  [
    /ENOENT|EACCES/,
    'a file that an option names cannot be read',
    'Correct tlsCAFile or tlsCertificateKeyFile.',
  ],
];

function refused(error: unknown): Finding {
  const code = codeOf(error);
  const [, words, fix] = REASONS.find(([known]) => known.test(code)) ?? [undefined, 'the handshake failed'];
  return fault('tls', 'TLS', `${words} (${(error as NodeJS.ErrnoException).code ?? 'no code'})`, fix);
}
