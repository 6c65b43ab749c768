import type { AuditContext } from './audit-context.ts';
import { type Finding, mend, ok } from './finding.ts';

/** In characters. A shorter secret may be printed for other reasons. */
const SHORTEST_SECRET = 8;
export const HASH_OF_PASSWORD = /\$2[abxy]\$\d\d\$[./A-Za-z\d]{53}|\$argon2(?:id|i|d)\$[^\s'"]+/;
/** Texts that are secret by their form. */
const FORMS = [
  { what: 'a connection string with its password', form: /mongodb(?:\+srv)?:\/\/[^\s:/@]+:[^\s@]+@/ },
  { what: 'the hash of a password', form: HASH_OF_PASSWORD },
];
/** How many lines are quoted. */
const MOST_LINES = 4;

/** Which secrets did the app print in the whole audit? */
export function checkOutput(context: AuditContext): Promise<Finding[]> {
  const id = 'output-secrets';
  const lines = context.printed.split('\n');
  const secrets = secretsOf(context);
  const found = lines.flatMap((line) => {
    const inIt = secrets.filter(({ value }) => line.includes(value));
    const byForm = FORMS.flatMap(({ what, form }) => {
      const value = form.exec(line)?.[0];
      return value === undefined ? [] : [{ what, value }];
    });
    const all = [...inIt, ...byForm];
    return all.length > 0 ? [{ what: all.map(({ what }) => what), shown: hidden(line, all) }] : [];
  });
  if (found.length === 0)
    return Promise.resolve([
      ok(id, `nothing secret in ${lines.length} lines`, [
        `${lines.length} lines that the app printed were searched`,
      ]),
    ]);
  const kinds = [...new Set(found.flatMap(({ what }) => what))];
  const evidence = [...new Set(found.map(({ shown }) => shown))].slice(0, MOST_LINES);
  return Promise.resolve([mend(id, `${found.length} lines have ${kinds.join(', ')} in them`, [...evidence])]);
}

export interface Secret {
  readonly what: string;
  readonly value: string;
}

function secretsOf(context: AuditContext): Secret[] {
  const { ids, cookies } = context.secrets;
  return [
    ...[...cookies].flatMap((value) => [
      { what: 'a session cookie', value },
      { what: 'a session cookie', value: decodeURIComponent(value) },
    ]),
    ...[...ids].map((value) => ({ what: 'a session ID', value })),
    { what: 'the password of a user', value: context.way.account.password },
    ...(context.setup?.secrets ?? [])
      .filter((value) => value.length >= SHORTEST_SECRET)
      .map((value) => ({ what: 'the secret', value })),
  ].filter(({ value }) => value.length >= SHORTEST_SECRET);
}

/** A text without the secrets in it. */
export function hidden(line: string, secrets: readonly Secret[]): string {
  const without = secrets.reduce((text, { what, value }) => text.replaceAll(value, `‹${what}›`), line);
  return without.trim().slice(0, 160);
}
