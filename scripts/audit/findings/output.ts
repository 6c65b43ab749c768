import { type Finding, mend, ok } from './finding.ts';
import type { Scene } from './scene.ts';

/** A secret of fewer characters is a word that may be printed for other reasons. */
const SHORTEST_SECRET = 8;
/** How many lines are quoted. */
const MOST_LINES = 4;

/** What of all that is secret did the app print, in the whole audit? */
export function checkOutput(scene: Scene): Promise<Finding[]> {
  const id = 'output-secrets';
  const lines = scene.printed.split('\n');
  const secrets = secretsOf(scene);
  const found = lines.flatMap((line) => {
    const inIt = secrets.filter(({ value }) => line.includes(value));
    const uri = /mongodb(?:\+srv)?:\/\/[^\s:/@]+:[^\s@]+@/.exec(line)?.[0];
    const all = uri ? [...inIt, { what: 'a connection string with its password', value: uri }] : inIt;
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

interface Secret {
  readonly what: string;
  readonly value: string;
}

function secretsOf(scene: Scene): Secret[] {
  const { ids, cookies } = scene.secrets;
  return [
    ...[...cookies].flatMap((value) => [
      { what: 'a session cookie', value },
      { what: 'a session cookie', value: decodeURIComponent(value) },
    ]),
    ...[...ids].map((value) => ({ what: 'a session ID', value })),
    { what: 'the password of a user', value: scene.way.account.password },
    ...(scene.setup?.secrets ?? [])
      .filter((value) => value.length >= SHORTEST_SECRET)
      .map((value) => ({ what: 'the secret', value })),
  ].filter(({ value }) => value.length >= SHORTEST_SECRET);
}

function hidden(line: string, secrets: readonly Secret[]): string {
  const without = secrets.reduce((text, { what, value }) => text.replaceAll(value, `‹${what}›`), line);
  return without.trim().slice(0, 160);
}
