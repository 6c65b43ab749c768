import { sign } from 'cookie-signature';
import { caseOf, wrongId, wrongIndex, wrongMoment, wrongUser } from '#checks/support/case-findings.ts';
import { insteadOfNull, likelyNothing } from '#checks/support/find-session-words.ts';
import { defineCheck, must } from '#grader/check/check.ts';
import type { Stage } from '#grader/check/stage.ts';
import { type Case, cookieValue } from '#shop/case.ts';
import { unescaped } from '../scripts/shared/html.ts';

const DAY = 24 * 60 * 60 * 1000;
/** A cookie that cannot be URL-decoded. */
const BROKEN = 's%3Abroken%';
const FIND_SESSION = [/unsign|createHmac/, /function findSession|findSession\s*=/];

export default defineCheck(
  (step) => {
    step('6.1', 'the cookie is traced to its session', async (stage) => {
      const { theCase, found } = await solving(stage);
      judge('sessionId', found.sessionId, wrongId(found.sessionId, theCase));
      return `Between s: and the dot stands ${found.sessionId.slice(0, 8)}…, and a document has it as its _id. The rest is a signature.`;
    });

    step('6.2', 'the user who is logged in is named', async (stage) => {
      const { theCase, found } = await solving(stage);
      judge('whoIsLoggedIn', found.whoIsLoggedIn, wrongUser(found.whoIsLoggedIn, theCase));
      const withUser = theCase.sessions.filter(({ session }) => session.userId).length;
      return `${withUser} sessions have a userId, and one of them is logged in: ${found.whoIsLoggedIn}. It takes both fields to know.`;
    });

    step('6.3', 'the end of the session is given in UTC', async (stage) => {
      const { theCase, found } = await solving(stage);
      judge('expires', found.expires, wrongMoment(found.expires, theCase));
      return `After ${theCase.wanted.expires.toUTCString()} MongoDB may delete the document, and the store refuses it.`;
    });

    step('6.4', 'the index that cleans up is named', async (stage) => {
      const { found } = await solving(stage);
      const indexes = await stage.mongo.indexes();
      const cleaning = indexes.find(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
      const others = indexes.filter((index) => index !== cleaning).map(({ name = '' }) => name);
      judge(
        'cleaningIndex',
        found.cleaningIndex,
        wrongIndex(found.cleaningIndex, cleaning?.name ?? '', others),
      );
      return `${found.cleaningIndex} is a TTL index: a document may go ${cleaning?.expireAfterSeconds} s after the date in its field ${Object.keys(cleaning?.key ?? {})}.`;
    });

    step('6.5', 'findSession goes from a signed cookie to its document, and from no other', async (stage) => {
      const { sessionSecret } = stage.config;
      const id = idWithAwkwardSignature(sessionSecret);
      const cart = [{ productId: 'mug', quantity: 1 }];
      await stage.mongo.put({ _id: id, session: { cookie: {}, cart }, expires: new Date(Date.now() + DAY) });

      const encoded = cookieValue(id, sessionSecret);
      const decoded = decodeURIComponent(encoded);
      stage.mongo.tap.forget();
      const byEncoded = await tried(stage, encoded);
      const nothing = byEncoded ? '' : await likelyNothing(stage, tried, id);
      const byDecoded = await tried(stage, decoded);
      must(byEncoded === id, {
        sent: `findSession('${encoded}', …), a good cookie as a browser shows it`,
        got: foundText(byEncoded),
        likely: likelyNotFound(byEncoded, byDecoded === id) ?? nothing,
        look: FIND_SESSION,
      });
      must(byDecoded === id, {
        sent: `findSession('${decoded}', …), the same cookie, URL-decoded`,
        got: foundText(byDecoded),
        likely:
          'URL-encoded it was found, decoded it was not. Do not look for s%3A, nor turn + into a space: decodeURIComponent leaves alone what is decoded already.',
        look: FIND_SESSION,
      });

      const bad = badCookies(id, sessionSecret);
      for (const { cookie, likely } of bad) {
        const opened = await tried(stage, cookie).catch(insteadOfNull);
        must(opened === '', {
          sent: `findSession('${cookie}', …)`,
          got: foundText(opened),
          likely,
          look: FIND_SESSION,
        });
      }

      await tried(stage, BROKEN).catch(insteadOfNull);
      return `The cookie led to its document, URL-encoded or not. ${bad.length} others, forged, unsigned or unknown, led nowhere, nor did a broken one.`;
    });
  },
  { showsMongo: false },
);

/** The learner's case and what they wrote down, as their shop has it. */
async function solving(stage: Stage): Promise<{ theCase: Case; found: Record<Finding, string> }> {
  const visitor = stage.shopper('Ann');
  const { caseNumber, ...answers } = JSON.parse((await visitor.visits('/case/answers')).body);
  const theCase = caseOf(caseNumber);
  must(theCase, {
    sent: `caseNumber: ${JSON.stringify(caseNumber)}`,
    got: 'no case',
    likely:
      caseNumber === 0
        ? 'Choose a case first: a number of your own. Save, and open /case.'
        : 'The number of a case is a whole number above zero, without quotes.',
    look: /caseNumber/,
  });
  // The page comes when the case is in the database.
  await visitor.visits('/case');
  const written = (name: Finding) => String(answers[name] ?? '').trim();
  const found = {
    sessionId: written('sessionId'),
    whoIsLoggedIn: written('whoIsLoggedIn'),
    expires: written('expires'),
    cleaningIndex: written('cleaningIndex'),
  };
  return { theCase, found };
}

type Finding = 'sessionId' | 'whoIsLoggedIn' | 'expires' | 'cleaningIndex';

/** @param wrong what the finding is instead of the right one */
function judge(name: Finding, found: string, wrong: string | undefined): void {
  must(!wrong, {
    sent: `${name}: '${found}'`,
    got: found ? 'the database says otherwise' : 'nothing to compare with the database',
    likely: wrong ?? '',
    look: new RegExp(name),
  });
}

/** What findSession finds: an ID, '' for nothing, or 'no _id' for something else than a document. */
async function tried(stage: Stage, cookie: string, shop = stage.shop): Promise<string> {
  const page = await stage.shopper('Ann', shop).posts('/case', { cookie });
  return unescaped(/data-found="([^"]*)"/.exec(page.body)?.[1] ?? 'no _id');
}

function foundText(found: string): string {
  if (found === 'no _id') return 'something that has no _id';
  return found ? `the document of the session ${found}` : 'no document';
}

function likelyNotFound(found: string, decodedWorks: boolean): string | undefined {
  if (found === 'no _id')
    return 'Return the whole document: what findOne resolves with, not a part of it and not a cursor.';
  if (found) return 'This is another document. The _id is what stands between s: and the dot.';
  if (decodedWorks) {
    return 'URL-decoded it is found. A browser shows the cookie URL-encoded, and not only s%3A: in the signature + is %2B and / is %2F. decodeURIComponent knows all of them.';
  }
  return undefined;
}

/** Cookies that open nothing, and what is likely when one does. */
function badCookies(id: string, secret: string): { cookie: string; likely: string }[] {
  const signature = (of: string) => sign(of, secret).slice(of.length + 1);
  const forged =
    'The signature was not compared. Whoever sees or guesses an ID could open its session: unsign tells who signed it.';
  const unsigned =
    'A cookie without a signature opened the session. express-session signs all of its cookies: refuse the others.';
  const unmarked =
    'A signed cookie begins with s: and this one does not. express-session would not take it either.';
  const unknown = `unknown${id.slice(7)}`;
  return [
    { cookie: `s:${sign(id, 'keyboard cat')}`, likely: forged },
    { cookie: `s:${id}.${signature(unknown)}`, likely: forged },
    { cookie: `s:${id}`, likely: unsigned },
    { cookie: id, likely: unsigned },
    { cookie: sign(id, secret), likely: unmarked },
    { cookie: `j:${sign(id, secret)}`, likely: unmarked },
    {
      cookie: cookieValue(unknown, secret),
      likely:
        'The signature is good, but no document has this _id. Look for the one _id in the cookie, and for nothing else.',
    },
  ];
}

/** An ID whose signature has both characters that URL-encoding changes: about one in four is like this. */
function idWithAwkwardSignature(secret: string): string {
  for (let i = 0; ; i++) {
    const id = `session-of-ann-${i}`.padEnd(32, '_');
    if (/\+.*\/|\/.*\+/.test(sign(id, secret))) return id;
  }
}
