import { unescaped } from '../../shared/html.ts';
import type { Cause } from './cause.ts';
import {
  cookieEndsAtOnce,
  cookiePath,
  droppedCookie,
  maxAgeNoNumber,
  noTextForId,
  secureOverHttp,
  sharedId,
  unwrittenCookie,
} from './cookie-causes.ts';
import { gather } from './evidence.ts';
import type { FailureDetails } from './failure.ts';
import { placeOfRedirect } from './redirects.ts';
import {
  destroyed,
  lateFailure,
  nothingPut,
  notMounted,
  oddData,
  outsideCallback,
  refusedWrite,
  replaced,
  takenAway,
  twoSessions,
  unansweredForm,
  unreadForm,
} from './session-causes.ts';
import type { Stage } from './stage.ts';

const loginRefused: Cause = ({ requests }) => {
  // A check that sends a wrong password on purpose says that it has decided by itself.
  const seen = requests.find(
    ({ exchange }) => exchange.sent.startsWith('POST /login') && /action="\/login"/.test(exchange.body),
  );
  // A form that was not read was neither right nor wrong.
  if (!seen || seen.facts?.formFields === 'unread') return undefined;
  const said = seen.exchange.body.match(/role="alert"[^>]*>\s*([^<]+?)\.?\s*</)?.[1];
  const words = said ? ` and said: ${unescaped(said)}` : '';
  return {
    likely: `The login was answered by the login page again (${seen.exchange.status})${words}. Email and password were right: does authenticate() get both, and is it awaited?`,
    look: [/authenticate\(/, /logIn\b/],
  };
};

/** A login with the right password that was redirected to the login page. */
const loginSentBack: Cause = ({ requests }) => {
  const seen = requests.find(
    ({ exchange }) =>
      /^POST \/login .*\bpassword=a/.test(exchange.sent) &&
      /^\/login\b/.test(exchange.headers.location ?? ''),
  );
  if (!seen || seen.facts?.formFields === 'unread' || seen.facts?.events.includes('regenerate'))
    return undefined;
  return {
    likely:
      'The login was answered by a redirect to /login. Email and password were right: either a guard stands above the login itself, and turns away who wants to log in, or authenticate() found no user.',
    look: [/use\(\s*requireLogin/, /authenticate\(/, /logIn\b/],
  };
};

const brokenRedirect: Cause = ({ details, about }) => {
  const from = about?.exchange.after;
  if (!from || about.exchange.status !== 404 || !details.crashed) return undefined;
  const { location = '' } = from.headers;
  const [method, path] = from.sent.split(/\s/);
  if (/^30[78]$/.test(`${from.status}`) && method !== 'GET')
    return {
      likely: `${method} ${path} is answered with ${from.status}, which has a browser send the same form again, to ${location}. 303 has it ask for that page.`,
      look: [/redirect\(\s*30[78]/, placeOfRedirect(location)],
    };
  const back = /^back$/i.test(location)
    ? ' Express 5 takes back for a path: req.get("Referrer") has the page before.'
    : '';
  return {
    likely: `${method} ${path} redirects to ${location}, and the shop has no page there.${back}`,
    look: [placeOfRedirect(location), /redirect\(|saveThenRedirect\(/i],
  };
};

/** The causes, more special ones first. Each says only what its evidence shows. */
const CAUSES: readonly Cause[] = [
  destroyed,
  takenAway,
  secureOverHttp,
  maxAgeNoNumber,
  noTextForId,
  unwrittenCookie,
  droppedCookie,
  cookiePath,
  cookieEndsAtOnce,
  unreadForm,
  unansweredForm,
  brokenRedirect,
  loginRefused,
  loginSentBack,
  replaced,
  outsideCallback,
  oddData,
  refusedWrite,
  lateFailure,
  sharedId,
  twoSessions,
  notMounted,
  nothingPut,
];

/**
 * Says why a step failed: at most two causes whose evidence is there. Without one, the details stay as the check wrote them.
 */
export async function withCause(stage: Stage, details: FailureDetails): Promise<FailureDetails> {
  if (details.decided) return details;
  const evidence = await gather(stage, details);
  const [first, second] = CAUSES.flatMap((cause) => cause(evidence) ?? []);
  if (!first) return details;
  const likely = second ? `Two things fit. ${first.likely} Or: ${second.likely}` : first.likely;
  const { at, look = [], ...rest } = details;
  // What the cause looks for may not be there yet, as in a starter: then the check's own place is shown.
  return { ...rest, likely, ...(at ? { at } : { look: [...first.look, ...[look].flat()] }) };
}
