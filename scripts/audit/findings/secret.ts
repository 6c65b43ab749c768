import { anySessionCookie } from './baseline.ts';
import { told } from './evidence.ts';
import { advise, type Finding, mend, NotTestable, notTested, ok } from './finding.ts';
import { KNOWN_SECRETS } from './known-secrets.ts';
import type { Scene } from './scene.ts';
import { isPairSignedWith, isSignedWith, sessionIdIn } from './session-cookie.ts';

/** The secret that signs: is it a word that everybody tries, and does it stand in the source? */
export async function checkSecret(scene: Scene): Promise<Finding[]> {
  return [await guessable(scene), inSource(scene)];
}

async function guessable(scene: Scene): Promise<Finding> {
  const signed = await signedBy(scene);
  if (typeof signed === 'string') return notTested('secret-guessable', signed);
  const { name, version } = scene.deployment.app;
  const tried = [
    ...new Set([...KNOWN_SECRETS, name, version, `${name}-secret`, `${name}secret`].filter(Boolean)),
  ].flatMap((word) => (word === word.toLowerCase() ? [word] : [word, word.toLowerCase()]));
  const found = tried.find((word) => signed.with(word));
  const evidence = [
    ...signed.evidence,
    `${tried.length} well-known words were tried on its signature, offline`,
  ];
  if (found === undefined) return ok('secret-guessable', 'none of the well-known words signs it', evidence);
  return mend(
    'secret-guessable',
    `it is signed with a word that stands in many tutorials (${found.length} characters)`,
    evidence,
  );
}

/** How a signature is tried; a sentence when there is none to try. */
async function signedBy(
  scene: Scene,
): Promise<string | { with: (word: string) => boolean; evidence: string[] }> {
  try {
    const { cookie, exchange } = await anySessionCookie(scene);
    const evidence = told(exchange);
    if (scene.setup?.library === 'express-session') {
      if (!sessionIdIn(cookie.value)) return 'the session cookie is not signed as express-session does it';
      return { with: (word) => isSignedWith(cookie.value, word), evidence };
    }
    const pair = `${cookie.key}.sig=`;
    const line = exchange.setCookies.find((each) => each.startsWith(pair));
    if (!line) return 'the session cookie came without a signature';
    const signature = line.slice(pair.length).split(';')[0] ?? '';
    return { with: (word) => isPairSignedWith(cookie.key, cookie.value, signature, word), evidence };
  } catch (error) {
    if (error instanceof NotTestable) return error.message;
    throw error;
  }
}

/** A secret of fewer characters is found in the source by chance: as a word of the language, or of another string. */
const SHORTEST = 4;

function inSource({ setup, deployment }: Scene): Finding {
  const id = 'secret-source';
  const { environment, sources } = deployment;
  const secrets = setup?.secrets ?? [];
  if (secrets.length === 0) return notTested(id, 'the session middleware was given no secret');
  const fromOutside = new Set([
    ...Object.values(environment?.values ?? {}),
    ...Object.values(environment?.own ?? {}),
  ]);
  const literals = secrets.filter((secret) => secret.length >= SHORTEST && !fromOutside.has(secret));
  const literal = sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, at) => {
      const isThere = literals.some((secret) => isLiteral(line, secret));
      return isThere ? [{ path, at: at + 1, isFallback: /process\.env|\benv\b/.test(line) }] : [];
    }),
  );
  const [first] = literal;
  const madeUp = new Set((environment?.madeUp ?? []).map((name) => environment?.values[name]));
  if (!first) {
    if (secrets.every((secret) => madeUp.has(secret)))
      return ok(id, 'it comes from the environment; the audit gave one for this run');
    return ok(id, 'it stands in no source file as it is');
  }
  const evidence = literal.slice(0, 3).map(({ path, at }) => `${path}:${at}`);
  return first.isFallback
    ? advise(id, 'it stands in the source, as what is taken when the environment has none', evidence)
    : mend(id, 'it stands in the source', evidence);
}

function isLiteral(line: string, secret: string): boolean {
  return ['"', "'", '`'].some((quote) => line.includes(quote + secret + quote));
}
