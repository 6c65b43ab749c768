/** A connection string in its parts, each as written: encoded, and perhaps wrong. */
export interface Parts {
  readonly scheme: 'mongodb' | 'mongodb+srv';
  readonly user?: string;
  readonly password?: string;
  readonly hosts: string;
  readonly database: string;
  /** Without a value when there is no `=`. */
  readonly options: readonly (readonly [name: string, value?: string])[];
}

/** Options whose values may contain an @. Elsewhere it belongs to a wrongly written password. */
const MAY_HOLD_AT = /[?&](?:appName|authMechanismProperties|proxyUsername|proxyPassword)=/i;
/** Also options that no driver knows: people write ?password=…. */
const SECRET_OPTION = /pass|pwd|secret|token|(?<!certificate)key$|^authMechanismProperties$/i;
/** A host that is no end of a password: it has a dot or brackets, or is localhost. */
const SURE_HOST = /^(?:localhost|[\w-]+(?:\.[\w-]+)+|\[[\da-f:.]+\])(?::\d+)?$/i;
const NO_PORT = /^[^[\]]*:(?!\d+(?:,|$))/;
/** What a user name or a password may contain only percent-encoded. */
export const UNESCAPED = /[:/?#[\]@]/;
const HIDDEN = '••••';

/**
 * Splits a connection string at the *last* @ before its options, where drivers take the first. So an unescaped @ stays in the
 * password, and no end of a password is taken for a host and shown.
 * @returns undefined when it does not begin like a connection string
 */
export function partsOf(uri: string): Parts | undefined {
  const [, scheme, rest] = /^(mongodb(?:\+srv)?):\/\/(.*)$/s.exec(uri) ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  const mayHold = rest.search(MAY_HOLD_AT);
  const at = rest.lastIndexOf('@', mayHold === -1 ? Infinity : mayHold);
  const [, hosts = '', database = '', query = ''] =
    /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest.slice(at + 1)) ?? [];
  const [, user, password] = at === -1 ? [] : (/^([^:]*)(?::(.*))?$/s.exec(rest.slice(0, at)) ?? []);
  return {
    scheme: scheme as Parts['scheme'],
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    hosts,
    database,
    options: query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(pair) ?? [];
        return value === undefined ? ([name] as const) : ([name, value] as const);
      }),
  };
}

/** The string for messages: without its password, and without what could be a part of one. */
export function shownUri(uri: string): string {
  const parts = partsOf(uri);
  if (parts === undefined) return '(not shown: it does not begin like a connection string)';
  const { scheme, user, password, hosts, database, options } = parts;
  // Without its @ and what follows, a string has its password in the place of port and database.
  if (user === undefined && NO_PORT.test(hosts)) return `${scheme}://${HIDDEN}`;
  // With another sign in place of the : after the name, it has its password in the name.
  const isName =
    password !== undefined && /^[\w.%+~-]*$/.test(user ?? '') && !/[:/]/.test(decoded(user ?? ''));
  const name = isName ? user : HIDDEN;
  const login = user === undefined ? '' : `${name}${password === undefined ? '' : `:${HIDDEN}`}@`;
  // With an unescaped sign in its password, the end of that may stand in the place of a host.
  const isDamaged = UNESCAPED.test(`${user ?? ''}${password ?? ''}`);
  const places = hosts.split(',').map((host) => (isDamaged && !SURE_HOST.test(host) ? HIDDEN : host));
  const { secret, tails } = secretsAmong(options);
  const query = options.map((option) => {
    const [name, value = ''] = option;
    if (tails.includes(option)) return HIDDEN;
    const hides = secret.includes(option) || (password && decoded(value).includes(decoded(password)));
    return `${name}=${hides ? HIDDEN : value}`;
  });
  const path = database || query.length ? `/${database}` : '';
  return `${scheme}://${login}${places.join(',')}${path}${query.length ? `?${query.join('&')}` : ''}`;
}

/** The options with a secret, and those that may be the rest of one with an unescaped &: they have no value, and stand behind it. */
function secretsAmong(options: Parts['options']): { secret: Parts['options']; tails: Parts['options'] } {
  const secret = options.filter(([name]) => SECRET_OPTION.test(name));
  const behind = secret[0] ? options.slice(options.indexOf(secret[0]) + 1) : [];
  return { secret, tails: behind.filter(([, value]) => value === undefined) };
}

/** A shorter piece of a password reveals nothing, and hiding it would remove half of a text. */
const SHORTEST_PIECE = 3;

/**
 * The pieces between the unescaped characters of a password, each also with those that follow. A driver ends the password at one
 * of these characters, and takes the rest for a host, a port or a database, which it then shows.
 */
function piecesOf(password: string): string[] {
  const starts = [...password.matchAll(/[:/?#[\]@]/g)].map(({ index }) => index + 1);
  return [0, ...starts]
    .flatMap((start) => {
      const rest = password.slice(start);
      const ends = [...rest.matchAll(/[:/?#[\]@]/g)].map(({ index }) => index);
      return [rest, ...ends.map((end) => rest.slice(0, end))];
    })
    .filter((piece) => piece.length >= SHORTEST_PIECE);
}

/** Returns a function that hides the secrets in other texts, such as a driver's error. */
export function redactor(uri: string): (text: string) => string {
  const { user = '', password = user, options = [] } = partsOf(uri) ?? {};
  const { secret, tails } = secretsAmong(options);
  const hidden = secret.map(([, value = '']) => value);
  const secrets = [
    uri,
    password,
    ...piecesOf(password),
    ...hidden,
    ...tails.map(([name]) => name),
    ...hidden.flatMap((value) => value.split(/[:,]/)),
  ];
  const spellings = secrets.flatMap((secret) => [
    secret,
    decoded(secret),
    encodeURIComponent(decoded(secret)),
  ]);
  const longestFirst = [...new Set(spellings)].filter(Boolean).sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
}

/** Percent-decoded; unchanged where it cannot be. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
