import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { MongoClient } from 'mongodb';
import { type Parts, redactor } from '../shared/connection-string.ts';
import { codeOf } from '../shared/error-code.ts';
import { type Finding, fault, good, note, warning } from './finding.ts';
import { identify } from './look-up.ts';
import type { ProblemId } from './problems/catalogue.ts';
import { optionOf } from './seed.ts';

/** Reads the options of a string whose other parts are sound: what the driver takes, and what it takes and then fails by. */
export function examineOptions(uri: string, parts: Parts): Finding[] {
  let client: MongoClient;
  try {
    client = new MongoClient(uri);
  } catch (error) {
    return [notTaken(error, redactor(uri))];
  }
  const names = parts.options.map(([name]) => name).join(', ');
  return [
    parts.options.length > 0
      ? good('options', 'options', `the driver knows them: ${names}`)
      : note('options', 'options', 'none: the defaults, such as retryWrites=true and waits of 30 s'),
    ...writeConcern(optionOf(parts, 'w')),
    ...readConcern(optionOf(parts, 'readConcernLevel')),
    ...readPreference(optionOf(parts, 'readPreference')),
    ...optionalPackages(parts),
    ...appName(optionOf(parts, 'appName')),
    ...tls(parts, client.options.tls),
  ];
}

/** What the driver says of an option under another name than `options`. */
const BY_NAME: readonly (ProblemId | undefined)[] = ['compressors', 'hosts', 'old-options', 'auth-mechanism'];

function notTaken(error: unknown, redact: (text: string) => string): Finding {
  const id = identify(error);
  const words = `the driver says: ${redact((error as Error).message)}`;
  return fault(id && BY_NAME.includes(id) ? id : 'options', 'options', words);
}

/** The driver takes any text for w, and a replica set then refuses every write: w=majority; */
function writeConcern(w: string | undefined): Finding[] {
  if (w === undefined || w === 'majority') return [];
  if (/^\d+$/.test(w)) return Number(w) === 0 ? [UNACKNOWLEDGED] : [];
  if (/^majority$/i.test(w)) return [fault('write-concern', 'options', 'w is written with a capital letter')];
  const sign = /[^\w.-]/.exec(w)?.[0];
  if (sign) return [fault('write-concern', 'options', `the value of w holds ${JSON.stringify(sign)}`)];
  return [
    note(
      'write-concern',
      'options',
      'w is a name of this replica set’s own; a set without it refuses every write',
    ),
  ];
}

const UNACKNOWLEDGED = warning(
  'write-unacknowledged',
  'options',
  'w=0: no server says whether a session was stored',
);

const READ_CONCERNS = ['local', 'majority', 'linearizable', 'available', 'snapshot'];

function readConcern(level: string | undefined): Finding[] {
  if (level === undefined || READ_CONCERNS.includes(level)) return [];
  return [fault('read-concern', 'options', `readConcernLevel is none of ${READ_CONCERNS.join(', ')}`)];
}

function readPreference(mode: string | undefined): Finding[] {
  if (mode === undefined || /^primary/i.test(mode)) return [];
  return [warning('read-preference', 'options', 'sessions are read from members that may not have them yet')];
}

/** The options that need a package which the driver does not bring. */
function optionalPackages(parts: Parts): Finding[] {
  const compressors = optionOf(parts, 'compressors')?.split(',') ?? [];
  const needed = [
    ...(compressors.includes('snappy') ? ['snappy'] : []),
    ...(compressors.includes('zstd') ? ['@mongodb-js/zstd'] : []),
    ...(optionOf(parts, 'proxyHost') === undefined ? [] : ['socks']),
  ];
  return needed
    .filter((name) => !isInstalled(name))
    .map((name) =>
      warning(
        'optional-package',
        'options',
        `an option needs the package ${name}, which is not installed here`,
      ),
    );
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** Bytes that a server takes of it (MongoDB handshake spec). */
const LONGEST_APP_NAME = 128;

function appName(name: string | undefined): Finding[] {
  if (name === undefined || Buffer.byteLength(name) <= LONGEST_APP_NAME) return [];
  return [note('options', 'options', `appName is longer than ${LONGEST_APP_NAME} bytes, and is cut`)];
}

const CERTIFICATE = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----/;
const KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;
const FILES = {
  tlsCAFile: [[CERTIFICATE, 'certificate']],
  tlsCertificateKeyFile: [
    [CERTIFICATE, 'certificate'],
    [KEY, 'private key'],
  ],
  tlsCRLFile: [[/-----BEGIN X509 CRL-----/, 'list of revoked certificates']],
} as const;

function tls(parts: Parts, isOn: boolean): Finding[] {
  const files = (Object.keys(FILES) as (keyof typeof FILES)[]).filter(
    (name) => optionOf(parts, name) !== undefined,
  );
  const wrong = files.flatMap((name) =>
    pemFile(name, decodeURIComponent(optionOf(parts, name) ?? ''), parts),
  );
  const unchecked = parts.options.find(
    ([name, value]) => /^tls(?:Insecure|Allow\w+)$/i.test(name) && value === 'true',
  );
  return [
    ...(files.length > 0 && !isOn
      ? [warning('tls-protocol', 'options', `${files[0]} is there, and tls=true is not`, 'Add tls=true.')]
      : []),
    ...wrong,
    ...(unchecked ? [warning('tls-unchecked', 'options', `${unchecked[0]} turns off TLS's checks`)] : []),
  ];
}

function pemFile(name: keyof typeof FILES, path: string, parts: Parts): Finding[] {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (error) {
    return [fault('tls-file', 'options', `the file of ${name} cannot be read (${codeOf(error)})`)];
  }
  const [, lacking] = FILES[name].find(([pattern]) => !pattern.test(text)) ?? [];
  if (lacking) return [fault('tls-file', 'options', `the file of ${name} is no PEM: it holds no ${lacking}`)];
  const isLocked = /ENCRYPTED/.test(text) && optionOf(parts, 'tlsCertificateKeyFilePassword') === undefined;
  if (!isLocked || name !== 'tlsCertificateKeyFile') return [];
  const fix = 'Add tlsCertificateKeyFilePassword=…, or a key without a password.';
  return [
    fault(
      'tls-file',
      'options',
      'the key of tlsCertificateKeyFile is encrypted, and no password is given',
      fix,
    ),
  ];
}
