import type { Visits } from './clinic-visits.ts';
import { loginsAt } from './connecting.ts';

// Likely reasons why a treated patient of lesson 5 still fails: by what the driver said, by the connection string that the treatment
// returned, and by what the patient's server was asked.

/** The first whose `said` matches, and which has words, is told. */
export type Reasons = readonly (readonly [
  said: RegExp,
  likely: string | ((visits: Visits) => string | undefined),
])[];

/** The first reason of these, or of those that hold for every patient; undefined when none is known. */
export function likelyReason(visits: Visits, reasons: Reasons): string | undefined {
  return [...NOTHING_RETURNED, ...reasons, ...OTHERWISE]
    .filter(([said]) => said.test(visits.got))
    .map(([, likely]) => (typeof likely === 'string' ? likely : likely(visits)))
    .find((likely) => likely !== undefined);
}

/** The driver found no server at the address that it asked. */
export const NO_SERVER = /^(?:driver|connect): .*(?:\bE[A-Z_]{4,}\b| closed$)/m;

/** What the clinic says of a treatment that returned nothing. */
const NOTHING_RETURNED: Reasons = [
  [
    /^treatment: treat is not a function/,
    ({ problem }) =>
      `treatments has no function for ${problem}. Its name there is this one, letter by letter.`,
  ],
  [
    /^treatment: the treatment returned no object/,
    'The treatment came to its end, and returned no object with a uri in it. A function with braces needs a return; a text alone is no object. As an arrow function: ({ uri }) => ({ uri: … }).',
  ],
];

/** What holds for any patient. */
const OTHERWISE: Reasons = [
  [/Invalid scheme/, ({ treated }) => wrongScheme(treated.uri ?? '')],
  [
    /cannot appear more than once/,
    'The option stands in the string twice now. Change the one that is there, and add no other.',
  ],
  [/must be either "true" or "false"/, ({ got, treated }) => wrongBoolean(got, treated.uri ?? '')],
  [
    /not supported$/m,
    ({ got }) =>
      `The driver knows no option ${unknownOptions(got)}. Look at its spelling, in the string or in connectionOptions.`,
  ],
  [
    /Unable to parse .* with URL/,
    ({ got }) =>
      `The driver takes ${/parse (.*) with URL/.exec(got)?.[1]} for the host and its port, and cannot read it.`,
  ],
  [/Authentication failed|Invalid database name/, wrongLogin],
  [
    /Invalid database name: /,
    ({ got }) =>
      `The driver takes ${/database name: (.*)/.exec(got)?.[1]} for the name of the database. It stands between the slash after the port and the "?".`,
  ],
  [
    /Authentication failed/,
    'The string can be read, and a name or password in it is not the one of the chart.',
  ],
  [/^treatment:/, 'The treatment itself threw this, so no store was made.'],
  [NO_SERVER, wrongAddress],
  [
    /^new MongoDBStore:/,
    'The driver makes no store of this: its message says which part of the string, or of connectionOptions, it does not take.',
  ],
];

function wrongScheme(uri: string): string {
  if (/^mongodb(?:\+srv)?%3A/i.test(uri))
    return 'The whole string was encoded, its scheme too. At most a password in it needs that.';
  if (/^mongodb(?:\+srv)?:\/?%2F/i.test(uri))
    return 'A slash of mongodb:// was encoded. Only those of the password need it, and replace() takes the first that it finds: replace the password, by encodeURIComponent(password).';
  return `A connection string begins with mongodb://, and this one with ${uri.slice(0, 12) || 'nothing'}.`;
}

/** @param said 'retryWrites must be either "true" or "false"' */
function wrongBoolean(said: string, uri: string): string {
  const [, name = ''] = /(\w+) must be either/.exec(said) ?? [];
  const [, value = ''] = new RegExp(`[?&]${name}=([^&]*)`, 'i').exec(uri) ?? [];
  if (/=/.test(value))
    return `The driver reads ${value} as the value of ${name}, because no & stands between this option and the next.`;
  if (/^(?:true|false)$/i.test(value)) return 'The driver takes true and false in small letters alone.';
  return `The driver takes true or false for ${name}, and was given something else${value && `: "${value}"`}.`;
}

/** 'amp;w': the options in a message of the driver. */
export function unknownOptions(said: string): string {
  return /options? (.*) (?:is|are) not supported/.exec(said)?.[1] ?? '';
}

/** Users of the patients live in admin. Tells where else this one was looked up. */
function wrongLogin({ patient }: Visits): string | undefined {
  const [at] = patient.tap ? loginsAt(patient.tap).filter((name) => name !== 'admin') : [];
  if (at === undefined) return undefined;
  if (/[&=]/.test(at))
    return `The user was looked up in a database called ${at}: what was added belongs to the name now. The first option of a string stands behind a ?, the others behind a &.`;
  const place = `The user was looked up in ${at}, and lives in admin.`;
  if (at.toLowerCase() === 'admin')
    return `${place} Capitals and small letters differ in the name of a database.`;
  if (at === 'shop')
    return `${place} Without authSource the user is looked up in the database of the path: say authSource=admin.`;
  return place;
}

/** Tells that another address was asked than the server's; undefined when it was the server's. */
function wrongAddress({ problem, patient, got }: Visits): string | undefined {
  const [, port] = /(?:\[::1\]|127\.0\.0\.1):(\d+)/.exec(patient.uri) ?? [];
  const server = `127.0.0.1, port ${port}`;
  const kept =
    problem === 'localhost' ? 'Its port is right in the chart, its host is not.' : 'The chart has both.';
  const [, unknown] = /(?:ENOTFOUND|EAI_AGAIN) (\S+)/.exec(got) ?? [];
  if (unknown)
    return `The driver asked DNS for the host ${unknown}, and got no address. The server is at ${server}. ${kept}`;
  const [, host, asked] = /(?:^| )(\S+):(\d+)\b/m.exec(got.replace(/^\w+: /gm, '')) ?? [];
  if (!host || (host === '127.0.0.1' && asked === port)) return undefined;
  return `The driver asked ${host}, port ${asked}. The server is at ${server}. ${kept}`;
}
