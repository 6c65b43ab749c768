import { isDeepStrictEqual } from 'node:util';
import type { Document } from 'mongodb';
import { must } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';
import { LOG_IN } from './login-words.ts';
import { settled } from './session-end.ts';

const { ada } = demoLogins;

/** Fails when a wrong password changes a session, or when the answer tells whether the email has an account. */
export async function mustRefuseLogin(stage: Stage): Promise<void> {
  const ann = stage.shopper('Ann');
  await ann.adds('mug');
  const id = ann.sessionId() ?? '';
  const cart = await ann.opensCart();
  must(id, {
    after: cart,
    likely:
      'Ann put a mug into her cart, and has no session: there is none that a failed login could change. POST /cart puts the cart into req.session, as app.ts came.',
    look: [/session\.cart = /, /app\.post\('\/cart'/],
  });
  const before = (await stage.mongo.session(id))?.session;
  const wrong = await ann.tries('/login', { email: ada.email, password: 'difference-engine' });
  // What the answer did not wait for has arrived by then.
  await settled(ann);
  const after = (await stage.mongo.session(id))?.session;

  const isSame = isDeepStrictEqual(before, after) && ann.sessionId() === id;
  must(isSame, {
    after: wrong,
    got: `${wrong.got}\nthe session is not what it was before`,
    likely:
      'Nobody logged in, so nothing may change: not the session ID, not the session. Touch req.session only when authenticate() has returned a user, and return after the 401.',
    decided: true,
    look: isSame ? [] : [...(await changedBy(stage, before, after)), ...LOG_IN],
  });
  must(wrong.status >= 300, {
    after: wrong,
    decided: true,
    likely:
      'The form is shown again, with its words, and the status says that all is well. A failed login stays as it came: 401.',
    look: [/status\(/, ...LOG_IN],
  });
  const unknown = await ann.tries('/login', {
    email: 'mallory@example.com',
    password: 'difference-engine',
  });
  must(readText(wrong) === readText(unknown), {
    after: unknown,
    sent: `POST /login with a wrong password, then with an email that has no account`,
    got: `two different answers: ${startOf(wrong)}, and ${startOf(unknown)}`,
    decided: true,
    likely:
      'Whoever tries emails one by one learns from the answer which of them have an account. Say the same for both.',
    look: [/findUserByEmail/, /authenticate/, ...LOG_IN],
  });
}

/** Where the login changed a session, by what happened to it. */
async function changedBy(stage: Stage, before: Document = {}, after: Document = {}): Promise<RegExp[]> {
  const { events = [] } = (await stage.factsOf('POST /login')) ?? {};
  const ended = ['destroy', 'regenerate'].filter((each) => events.includes(each));
  const put = Object.keys(after).filter((key) => !isDeepStrictEqual(after[key], before[key]));
  return [
    ...ended.map((method) => new RegExp(`\\b${method}\\(`)),
    ...put.map((key) => new RegExp(`session\\b.*\\b${key}\\b`)),
  ];
}

/** '401', '303 to /login' */
const startOf = ({ got }: Exchange) => got.split('\n')[0];

/** What a visitor reads: status, where to, and the words, but for emails, which they may have typed themselves. */
function readText({ status, headers, body }: Exchange): string {
  const words = `${status} ${headers.location} ${body.replace(/<[^>]*>/g, ' ')}`;
  return words.replace(/[^\s?&=]+(?:@|%40)[^\s&]+/g, '');
}
