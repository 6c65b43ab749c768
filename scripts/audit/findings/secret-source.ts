import type { AppEnvironment } from '../app/environment.ts';
import type { AppPackage } from '../app/package-of.ts';
import { AppDown } from '../app/running-app.ts';
import type { SourceFile } from '../app/source-of.ts';
import type { AuditContext } from './audit-context.ts';
import { advise, type Finding, mend, notTested, ok } from './finding.ts';
import { KNOWN_SECRETS } from './known-secrets.ts';

const ID = 'secret-source';
/** In characters. A shorter secret may be in the source by chance, as a keyword or another string. */
const SHORTEST = 4;

/** Is the secret in the source: the one that signs, or the fallback when the environment has none? */
export async function ofSource(context: AuditContext): Promise<Finding> {
  const { setup, deployment } = context;
  const { environment, sources } = deployment;
  const secrets = setup?.secrets ?? [];
  if (setup?.unsigned) return notTested(ID, 'the session cookie is not signed');
  if (secrets.length === 0)
    return notTested(ID, 'the session middleware was given no secret that the audit can read');
  const fromOutside = new Set([
    ...Object.values(environment?.values ?? {}),
    ...Object.values(environment?.own ?? {}),
  ]);
  const inside = secrets.filter((secret) => !fromOutside.has(secret));
  const places = placesOf(inside, sources);
  const evidence = places.slice(0, 3).map(({ path, at }) => `${path}:${at}`);
  if (places[0]?.isFallback)
    return advise(ID, 'it stands in the source, as what is taken when the environment has none', evidence);
  if (places.length > 0) return mend(ID, 'it stands in the source', evidence);
  const own = ofPackage(inside, deployment.app);
  if (own) return mend(ID, `it is the ${own} of the app in package.json`, [`package.json: "${own}"`]);
  const shared = ofSample(secrets, environment);
  if (shared) return advise(ID, 'it is the one that a sample of .env has, which everybody reads', [shared]);
  const names = Object.entries(environment?.values ?? {})
    .filter(([name, value]) => secrets.includes(value) && !environment?.own[name])
    .map(([name]) => name);
  return names.length > 0 ? withoutIt(context, names) : ok(ID, 'it stands in no source file as it is');
}

/** The value of package.json that signs, if any. */
const ofPackage = (secrets: readonly string[], app: AppPackage): 'name' | 'version' | undefined =>
  (['name', 'version'] as const).find((each) => app[each] !== '' && secrets.includes(app[each]));

/** The variable of a sample of .env that has the secret. */
function ofSample(secrets: readonly string[], environment: AppEnvironment | undefined): string | undefined {
  const [name] =
    Object.entries(environment?.sample ?? {}).find(([, value]) => value && secrets.includes(value)) ?? [];
  return name && `the sample of .env: ${name}`;
}

interface Place {
  readonly path: string;
  readonly at: number;
  /** Whether it is a fallback, because its line reads the environment first. */
  readonly isFallback: boolean;
}

function placesOf(secrets: readonly string[], sources: readonly SourceFile[]): Place[] {
  const literals = secrets.filter((secret) => secret.length >= SHORTEST);
  return sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, at) => {
      const start = literals.map((secret) => startOf(line, secret)).find((each) => each !== -1);
      if (start === undefined) return [];
      const isFallback = OF_ENVIRONMENT.test(line.slice(0, start)) || DESTRUCTURED.test(line.slice(start));
      return [{ path, at: at + 1, isFallback }];
    }),
  );
}

/** Before a literal, as in process.env.SECRET || '…' or env('SECRET', '…'); not in a comment after it. */
const OF_ENVIRONMENT = /process\.env|\benv\b/;
/** After a literal, as in const { SECRET = '…' } = process.env. */
const DESTRUCTURED = /^[^;]*\}\s*=\s*process\.env\b/;

/** Where a literal begins in a line; -1 when it is not there. */
function startOf(line: string, secret: string): number {
  return Math.max(...['"', "'", '`'].map((quote) => line.indexOf(quote + secret + quote)));
}

/** Does a production instance without the secret start, and what does it sign with? */
async function withoutIt(context: AuditContext, names: readonly string[]): Promise<Finding> {
  const { deployment } = context;
  const variables = names.join(', ');
  const outside = ok(ID, 'it comes from the environment; the audit gave one for this run');
  try {
    const app = await deployment.start({ production: true, without: names });
    const secrets = app.setups.at(-1)?.secrets ?? [];
    context.heard(app.output.text);
    await deployment.end(app);
    const [place] = placesOf(secrets, deployment.sources);
    const where = place ? `${place.path}:${place.at}` : ofSample(secrets, deployment.environment);
    if (!where) return outside;
    const isKnown = secrets.some((secret) => KNOWN_SECRETS.includes(secret));
    return advise(
      ID,
      `without ${variables} it starts in production all the same, and signs with ${isKnown ? 'a well-known word' : 'a secret'} that stands in the source`,
      [`started with NODE_ENV=production and without ${variables}`, where],
    );
  } catch (error) {
    if (!(error instanceof AppDown)) throw error;
    return error.kind === 'ended'
      ? ok(ID, `it comes from the environment; without ${variables} the app does not start`, [error.message])
      : outside;
  }
}
