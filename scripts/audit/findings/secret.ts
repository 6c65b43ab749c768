import type { AuditContext } from './audit-context.ts';
import { anySessionCookie } from './baseline.ts';
import { told } from './evidence.ts';
import { type Finding, mend, NotTestable, notTested, ok } from './finding.ts';
import { KNOWN_SECRETS } from './known-secrets.ts';
import { ofSource } from './secret-source.ts';
import { isPairSignedWith, isSignedWith, sessionIdIn } from './session-cookie.ts';

/** The secret that signs: is it a well-known word, and is it in the source? */
export async function checkSecret(context: AuditContext): Promise<Finding[]> {
  return [await guessable(context), await ofSource(context)];
}

async function guessable(context: AuditContext): Promise<Finding> {
  const signed = await signedBy(context);
  if (typeof signed === 'string') return asGiven(context, signed);
  const isSigned = signed.with;
  if (isSigned === undefined)
    return mend(
      'secret-guessable',
      'the session cookie is not signed: whoever writes one is whom they like',
      signed.evidence,
    );
  const tried = wordsFor(context);
  const found = tried.find(isSigned);
  const evidence = [...signed.evidence, `${tried.length} words were tried on its signature, offline`];
  // Secrets after the first do not sign any more, but are still accepted.
  const former = (context.setup?.secrets ?? []).slice(1).filter((secret) => tried.includes(secret));
  if (found === undefined && former.length > 0)
    return mend(
      'secret-guessable',
      `a former secret that it still accepts is a well-known word (${former[0]?.length} characters)`,
      [...evidence, `the session middleware was given ${context.setup?.secrets.length} secrets`],
    );
  if (found === undefined) return ok('secret-guessable', 'none of the well-known words signs it', evidence);
  return mend('secret-guessable', `it is signed with ${named(context, found)}`, evidence);
}

/** Describes a guessed secret without showing it. */
function named({ deployment }: AuditContext, word: string): string {
  const { name, version } = deployment.app;
  if (KNOWN_SECRETS.includes(word)) return `a well-known word (${word.length} characters)`;
  const what = word === name ? 'name' : word === version ? 'version' : 'name and the word secret';
  return `the app's ${what}, as package.json has it`;
}

/** Without a cookie, compares the secret that the middleware got. */
function asGiven(context: AuditContext, why: string): Finding {
  const [word] = context.setup?.unsigned ? [] : (context.setup?.secrets ?? []);
  return word !== undefined && wordsFor(context).includes(word)
    ? mend('secret-guessable', `the session middleware was given ${named(context, word)}`, [why])
    : notTested('secret-guessable', why);
}

/** Well-known secrets, and those made from the app's name. */
function wordsFor({ deployment }: AuditContext): string[] {
  const { name, version } = deployment.app;
  const own = name === '' ? [] : [name, version, `${name}-secret`, `${name}secret`];
  return [...KNOWN_SECRETS, ...own].filter(Boolean);
}

/** How to test a signature, without `with` when the app does not sign; a sentence when there is none to test. */
async function signedBy(
  context: AuditContext,
): Promise<string | { with?: (word: string) => boolean; evidence: string[] }> {
  try {
    const { cookie, exchange } = await anySessionCookie(context);
    const evidence = told(exchange);
    if (context.setup?.library === 'express-session') {
      if (!sessionIdIn(cookie.value)) return 'the session cookie is not signed as express-session does it';
      return { with: (word) => isSignedWith(cookie.value, word), evidence };
    }
    if (context.setup?.unsigned) return { evidence };
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
