import { createRequire } from 'node:module';
import { MongoClient } from 'mongodb';
import { type Parts, redactor } from '../shared/connection-string.ts';
import { type Finding, fault, good, note, warning } from './finding.ts';
import { identify } from './look-up.ts';
import type { ProblemId } from './problems/catalogue.ts';
import { optionOf } from './seed.ts';
import { examineTlsOptions } from './tls-options.ts';

/** Examines the options of a string whose other parts are right: those that the driver refuses, and those that fail later. */
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
    ...examineTlsOptions(parts, client.options.tls),
  ];
}

/** The driver's option errors that have their own problem. All others are `options`. */
const BY_NAME: readonly (ProblemId | undefined)[] = ['compressors', 'hosts', 'old-options', 'auth-mechanism'];

function notTaken(error: unknown, redact: (text: string) => string): Finding {
  const id = identify(error);
  const words = `the driver says: ${redact((error as Error).message)}`;
  return fault(id && BY_NAME.includes(id) ? id : 'options', 'options', words);
}

/** The driver accepts any text for w, such as `majority;`. A replica set then refuses every write. */
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

/** Options that need a package which does not come with the driver. */
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

/** The longest appName that a server accepts, in bytes (MongoDB handshake spec). */
const LONGEST_APP_NAME = 128;

function appName(name: string | undefined): Finding[] {
  if (name === undefined || Buffer.byteLength(name) <= LONGEST_APP_NAME) return [];
  return [note('options', 'options', `appName is longer than ${LONGEST_APP_NAME} bytes, and is cut`)];
}
