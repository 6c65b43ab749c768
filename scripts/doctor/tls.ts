import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import { MongoClient } from 'mongodb';
import { codeOf } from '../shared/error-code.ts';
import { type Finding, fault, good, type Layer } from './finding.ts';
import { ANSWER_WITHIN } from './names.ts';
import type { ProblemId } from './problems/catalogue.ts';
import { isAtlas, type Reached } from './reach.ts';
import type { Seed } from './seed.ts';

/** Makes a TLS connection with the string's options. Without tls in the string there is nothing to examine. */
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
    return { findings: [refused(error, server.host)] };
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

/** The most frequent problems, by the code of OpenSSL or Node. */
const REASONS: readonly (readonly [code: RegExp, id: ProblemId, words: string])[] = [
  [/WRONG_VERSION|EPROTO|ECONNRESET|ETIMEOUT/, 'tls-protocol', 'the server does not answer in TLS'],
  [/EXPIRED|NOT_YET_VALID/, 'tls-expired', 'its certificate has expired, or is not valid yet'],
  [/ALTNAME/, 'tls-host', 'its certificate is for another host name'],
  [/SELF_SIGNED|UNABLE_TO/, 'tls', 'its certificate is signed by nobody known here'],
  [
    /CERTIFICATE_REQUIRED|UNKNOWN_CA|BAD_CERTIFICATE/,
    'tls-client',
    'the server wants another certificate of the client',
  ],
  [/ALERT|UNSUPPORTED_PROTOCOL|VERSION/, 'tls-protocol', 'the server breaks off the handshake'],
  [
    /ENOENT|EACCES|EISDIR|PEM|KEY_VALUES|BAD_DECRYPT|NO_START_LINE/,
    'tls-file',
    'a file that an option names cannot be used',
  ],
];

function refused(error: unknown, host: string): Finding {
  const code = codeOf(error);
  const shown = (error as NodeJS.ErrnoException).code ?? 'no code';
  // Atlas sends this alert, number 80, to an address that is not on its list, or closes the connection.
  if (isAtlas(host) && /ALERT_INTERNAL_ERROR|ECONNRESET|ETIMEOUT/.test(code)) {
    const words = `the server breaks off the handshake (${shown}), as Atlas does to an address that is not on its list`;
    return fault('ip-access-list', 'TLS', words);
  }
  if (/ALERT_INTERNAL_ERROR/.test(code))
    return fault('ip-access-list', 'TLS', `${ALERT_80} (${shown})`, ALERT_80_FIX);
  const [, id, words] = REASONS.find(([known]) => known.test(code)) ?? [
    undefined,
    'server-error' as const,
    'the handshake failed',
  ];
  return fault(id, 'TLS', `${words} (${shown})`);
}

const ALERT_80 = 'the server breaks off the handshake with an internal error';
const ALERT_80_FIX =
  'Atlas does that to an address that is not on its list: add yours under Network Access. Any other server: see its own log.';
