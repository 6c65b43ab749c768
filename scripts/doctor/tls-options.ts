import { readFileSync } from 'node:fs';
import type { Parts } from '../shared/connection-string.ts';
import { codeOf } from '../shared/error-code.ts';
import { type Finding, fault, warning } from './finding.ts';
import { optionOf } from './seed.ts';

const CERTIFICATE = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----/;
const KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;
/** What each option's file must contain. */
const FILES = {
  tlsCAFile: [[CERTIFICATE, 'certificate']],
  tlsCertificateKeyFile: [
    [CERTIFICATE, 'certificate'],
    [KEY, 'private key'],
  ],
  tlsCRLFile: [[/-----BEGIN X509 CRL-----/, 'list of revoked certificates']],
} as const;

/**
 * Examines the TLS options and the files that they name.
 * @param isOn whether the driver will use TLS
 */
export function examineTlsOptions(parts: Parts, isOn: boolean): Finding[] {
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
