import { decoded, type Parts, partsOf, UNESCAPED } from '../shared/connection-string.ts';
import { type Finding, fault, good, type Layer, warning } from './finding.ts';
import { examineOptions } from './options.ts';

/** Examines a connection string without a network. `next` has its parts, when the driver would accept it. */
export function examineForm(given: string): Layer<Parts> {
  const uri = given.trimEnd();
  const wrapping = wrapped(uri);
  if (wrapping) return { findings: [wrapping] };
  // Signs that came with the copy are reported once; the rest is parsed as if they were removed.
  const parts = partsOf(uri.replaceAll('\\', '').replaceAll('&amp;', '&'));
  if (parts === undefined) {
    return { findings: [notBegun(uri)] };
  }
  const findings = [...copied(uri), ...hosts(parts), ...encoding(parts)];
  // Without a host, the database's name is not the first problem.
  if (!findings.some(({ id }) => id === 'hosts')) findings.push(...database(parts));
  if (!findings.some(({ verdict }) => verdict === 'fault')) findings.push(...examineOptions(uri, parts));
  const sound = !findings.some(({ verdict }) => verdict === 'fault');
  return sound
    ? { findings, next: parts }
    : { findings: findings.filter(({ verdict }) => verdict !== 'good') };
}

function notBegun(uri: string): Finding {
  if (uri === '') return fault('scheme', 'form', 'it is empty');
  if (/^[\w$: ]+=\s*["']?mongodb/i.test(uri)) {
    return fault('scheme', 'form', 'it begins with the name of a variable', 'Take the name and its = off.');
  }
  return fault('scheme', 'form', 'it does not begin with mongodb:// or mongodb+srv://');
}

function wrapped(uri: string): Finding | undefined {
  if (/^\s*["'`‘’“”]|["'`‘’“”]\s*$/.test(uri))
    return fault(
      'quotes',
      'form',
      'it begins or ends with a quote',
      /^\s*'.*[^'\s]\s*$/s.test(uri) ? CUT_BY_CMD : undefined,
    );
  if (/^\s|[\r\n]/.test(uri)) return fault('whitespace', 'form', 'there is a space or a line break in it');
  if (/[;,]\s*$/.test(uri)) return fault('trailing-sign', 'form', 'it ends with a semicolon or a comma');
  return undefined;
}

/** In cmd.exe a single quote is an ordinary character, and a & ends the command. */
const CUT_BY_CMD =
  'Take the quote off. If cmd.exe was given the string in single quotes, it kept the first and cut at the &: use double quotes there, or put the string into .env.';

function copied(uri: string): Finding[] {
  return [
    ...(uri.includes('\\') ? [fault('backslash', 'form', 'there are backslashes in it')] : []),
    ...(uri.includes('&amp;') ? [fault('copy-paste', 'form', 'it says &amp; where & belongs')] : []),
  ];
}

const NO_PASSWORD = 'what stands before the @ is a user name alone: there is no : in it';
const SEPARATE =
  'Write user:password before the @. Only the two are escaped, each by itself, and never the : between them.';
const PLACEHOLDER = /<[^<>]*>/;
/** The parts that may still be placeholders, with their names. */
const FILLED = { user: 'user name', password: 'password', hosts: 'host', database: 'database' } as const;

function encoding(parts: Parts): Finding[] {
  const found: Finding[] = [];
  const left = (Object.keys(FILLED) as (keyof typeof FILLED)[]).filter((part) =>
    PLACEHOLDER.test(decoded(parts[part] ?? '')),
  );
  if (left.length > 0) {
    const names = left.map((part) => FILLED[part]).join(', ');
    found.push(fault('placeholder', 'placeholders', `still in angle brackets: ${names}`));
  }
  for (const part of ['user', 'password'] as const) {
    const words = unescaped(parts[part] ?? '');
    if (words) found.push(fault('password', 'encoding', `the ${FILLED[part]} holds ${words}`));
  }
  if (parts.user === '')
    found.push(fault('password', 'encoding', 'the user name before the password is missing'));
  const isPlain = !parts.options.some(([option]) => option.toLowerCase() === 'authmechanism');
  if (parts.user && parts.password === undefined && isPlain)
    found.push(fault('credentials', 'encoding', NO_PASSWORD, SEPARATE));
  if (found.length > 0) return found;
  const words = parts.user === undefined ? 'nothing to escape' : 'user name and password are well escaped';
  return [good('encoding', 'encoding', `${words}, no placeholders`)];
}

/** The unescaped characters in a user name or a password: never the text between them. */
function unescaped(text: string): string | undefined {
  const signs = [...new Set(text.match(new RegExp(UNESCAPED, 'g')))];
  if (signs.length > 0) return `${signs.join(' ')} unescaped`;
  if (/%(?![0-9a-f]{2})/i.test(text)) return 'a % that escapes nothing';
  return decoded(text) === text && text.includes('%') ? 'an escape that is no UTF-8' : undefined;
}

function hosts({ scheme, hosts: list, user }: Parts): Finding[] {
  const each = list.split(',');
  if (list === '') return [fault('hosts', 'form', 'there is no host')];
  if (/\s/.test(list)) return [fault('whitespace', 'form', 'there is a space in the host')];
  const wrong = each.find((host) => !/^(?:\[[\da-f:.]+\]|[^:[\]#]+)(?::\d{1,5})?$/i.test(host));
  if (wrong !== undefined || each.some((host) => Number(/:(\d+)$/.exec(host)?.[1] ?? 1) > 65_535)) {
    const lost = user === undefined ? ' (if that is a password, an @ and the host are missing after it)' : '';
    return [fault('hosts', 'form', `what follows the host's : is no port${lost}`)];
  }
  if (scheme === 'mongodb+srv' && (each.length > 1 || list.includes(':'))) {
    return [fault('hosts', 'form', 'mongodb+srv:// takes one host and no port')];
  }
  return [good('form', 'form', `${scheme}://, ${each.length === 1 ? 'one host' : `${each.length} hosts`}`)];
}

function database({ database: written, options: given }: Parts): Finding[] {
  const name = decoded(written);
  // For example mongodb://HOST/?shop and mongodb://HOST?w=majority/shop, where the driver reads options.
  const misplaced = given.find(
    ([option, value]) => value?.includes('/') && !/file|proxy|auth|appName/i.test(option),
  );
  const alone = given.find(([, value]) => value === undefined);
  if (name === '' && (misplaced || alone)) {
    return [fault('database-name', 'database', "the database's name seems to stand after the ?")];
  }
  if (name === '')
    return [warning('database-name', 'database', 'none named: sessions go to the database "test"')];
  const wrong = /[/\\. "$]/.exec(name)?.[0];
  if (wrong)
    return [
      fault(
        'database-name',
        'database',
        `a database's name cannot hold ${wrong === ' ' ? 'a space' : wrong}`,
      ),
    ];
  return [good('database-name', 'database', name)];
}
