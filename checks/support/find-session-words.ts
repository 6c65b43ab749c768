import { sign } from 'cookie-signature';
import { StepFailure } from '#grader/check/check.ts';
import { meaningIn } from '#grader/check/error-meanings.ts';
import type { Stage } from '#grader/check/stage.ts';

/** How long an un-awaited command may take to arrive, in milliseconds. It chooses words, never a verdict. */
const LATE_MS = 300;

// Likely reasons why findSession of lesson 6 finds nothing for a valid cookie, by the commands to MongoDB, and why it throws.

/** Gives what findSession finds for a cookie: an ID, or '' for nothing. */
export type Tries = (stage: Stage, cookie: string, shop?: Stage['shop']) => Promise<string>;

/**
 * Tells why a good cookie led to no document.
 * @param id the session's, whose cookie has been tried just now
 */
export async function likelyNothing(stage: Stage, tried: Tries, id: string): Promise<string> {
  const { sessionSecret } = stage.config;
  // An un-awaited command may arrive after the page.
  const asked = await stage.mongo.tap.seen('find', LATE_MS).catch(() => undefined);
  if (!asked) return likelyRefused(stage, tried, id);
  const filter: Record<string, unknown> = asked.body.filter ?? {};
  const { _id: sought } = filter;
  const others = Object.keys(filter).filter((name) => name !== '_id');
  if (sought === id && others.length > 0)
    return `MongoDB was asked for the right _id, and for ${others.join(', ')} as well, which this session has not. The _id alone says which document it is.`;
  if (sought === id)
    return 'MongoDB was asked for the right _id, and what it answered was not returned: return what findOne() resolves with.';
  if (sought === undefined) {
    const names = Object.keys(filter).join(', ') || 'nothing';
    return `MongoDB was asked for a document by ${names}. The session ID is its _id.`;
  }
  if (sought === false)
    return `MongoDB was asked for the _id false: that is what unsign() returns for a cookie whose signature is not good. ${await whyNotGood(stage, tried, id, { looksForFalse: true })}`;
  const text = String(sought);
  if (text.startsWith(sign(id, sessionSecret)) || text.startsWith(`${id}.`))
    return 'MongoDB was asked for the ID with its signature behind it. The ID ends at the dot: unsign() returns it alone.';
  if (text.includes(id))
    return `MongoDB was asked for the _id ${text.slice(0, 12)}…, which is more than the ID: that stands between s: and the dot.`;
  return `MongoDB was asked for the _id ${text.slice(0, 12)}…, and the ID of this cookie is ${id.slice(0, 20)}…: it stands between s: and the dot.`;
}

/** MongoDB got no command: the cookie was refused before. */
async function likelyRefused(stage: Stage, tried: Tries, id: string): Promise<string> {
  return `The cookie was refused before MongoDB was asked. ${await whyNotGood(stage, tried, id)}`;
}

/**
 * Why the signature of a good cookie was not taken for good: cookies that only a certain mistake accepts tell it.
 * @param looksForFalse whether the answer looks for what unsign() returns in any case
 */
async function whyNotGood(
  stage: Stage,
  tried: Tries,
  id: string,
  { looksForFalse = false } = {},
): Promise<string> {
  const { sessionSecret } = stage.config;
  /** Whether a cookie leads to a question for one of these IDs. */
  const asks = async (cookie: string, ids: readonly unknown[], shop?: Stage['shop']): Promise<boolean> => {
    stage.mongo.tap.forget();
    await tried(stage, cookie, shop).catch(() => '');
    return stage.mongo.tap.commands('find').some(({ body }) => ids.includes(body.filter?._id));
  };
  const signed = sign(id, sessionSecret);

  if (await asks(signed, [id]))
    return 'Without its s: it opens the session: take s: off first, for the signature is made of the ID alone.';
  const plain = idWithPlainSignature(sessionSecret);
  const plainCookie = `s%3A${sign(plain, sessionSecret)}`;
  if (await asks(plainCookie, [plain])) {
    return (await asks(plainCookie.replace('.', '%2E'), [plain]))
      ? 'A cookie without + and / in its signature is found: something changes these two. Leave + and / as decodeURIComponent() returns them.'
      : 'A cookie without + and / in its signature is found: the value is not URL-decoded. In the signature of this one + is %2B and / is %2F: decodeURIComponent() first.';
  }
  // Code that leaves s: in place also accepts a signature that was made of it.
  if (await asks(sign(`s:${id}`, sessionSecret), [id, `s:${id}`]))
    return 'Its s: was still there when the signature was compared, and that is made of the ID alone: take s: off first.';
  if (await asks(`s${sign(`:${id}`, sessionSecret)}`, [id, `:${id}`]))
    return 'Only its s was taken off, and the colon was still there when the signature was compared: s: are two characters.';
  for (const more of [1, 2, 3]) {
    if (await asks(`s:${'x'.repeat(more)}${signed}`, [id]))
      return `${2 + more} characters were taken off in front before the signature was compared. s: are two.`;
  }
  if (!looksForFalse && (await asks(`s:${sign(id, 'another secret')}`, [id, false])))
    return 'A cookie with a bad signature is looked for in MongoDB, and this one is not: the condition is the wrong way round. unsign() returns false for a bad signature, else the ID.';
  if (await asks(`s:${sign(id, '')}`, [id]))
    return 'Its signature was compared with one by an empty secret: process.env has none here. The secret is handed over: where.secret.';
  for (const text of stage.stringsInCode()) {
    if (await asks(`s:${sign(id, text)}`, [id]))
      return `Its signature was compared with one by the secret "${text}", which stands in the code. The secret is handed over: where.secret.`;
  }
  // A shop whose secret is signed with the cookie's value accepts the two in the wrong order alone.
  for (const front of ['', 's:']) {
    const shop = stage.otherShop({ sessionSecret: sign('swapped', `${front}its.value`) });
    if (await asks('s:its.value', ['swapped'], shop))
      return 'unsign() was given the secret first. It takes the value first, without s: in front, and the secret second.';
  }
  return 'Four steps: URL-decode it, take off the s:, have unsign(value, secret) compare the signature, and look for the document whose _id it returns.';
}

/** An ID whose signature looks the same URL-encoded. */
function idWithPlainSignature(secret: string): string {
  for (let i = 0; ; i++) {
    const id = `plain-signature-${i}`.padEnd(32, '_');
    if (!/[+/]/.test(sign(id, secret))) return id;
  }
}

/** For findSession that throws where it should return null. Tells the error's own meaning first, where it is known. */
export function insteadOfNull(error: unknown): never {
  if (!(error instanceof StepFailure) || !error.details.error) throw error;
  const { message, code } = error.details.error;
  const means = /^URIError/.test(message)
    ? 'decodeURIComponent throws when no two hex digits stand behind a %. Anybody can send that: catch the error, and return null.'
    : `findSession threw this for a cookie that opens nothing, and should return null. ${meaningIn(message, code) ?? ''}`;
  throw new StepFailure({ ...error.details, likely: means.trim(), decided: true });
}
