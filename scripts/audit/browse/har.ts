import { UsageError } from '../../shared/errors.ts';
import type { Account } from './account.ts';
import type { Action } from './action.ts';
import { EVERYWHERE, LOG_IN, LOG_OUT, SIGN_UP } from './fields.ts';
import type { Flow } from './way.ts';

/** A request in a HAR 1.2 file, as far as it is needed. */
interface HarRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly postData?: {
    readonly mimeType?: string;
    readonly text?: string;
    readonly params?: readonly { readonly name: string; readonly value?: string }[];
  };
}

/**
 * The flow in a HAR file. Cookies in it are not needed, and DevTools leaves them out: since Chrome 130 it writes no Cookie, Set-Cookie
 * and Authorization headers unless its settings ask for them. Bodies are in both files. DevTools and Playwright write a form as `text`,
 * and mostly as `params` too; JSON is in `text` alone.
 * @throws {UsageError} when it is no HAR, or has no login in it
 */
export function flowOfHar(json: unknown, file: string): Flow {
  const entries = (json as { log?: { entries?: unknown } } | null)?.log?.entries;
  if (!Array.isArray(entries)) throw new UsageError(`${file} is no HAR file: it has no log.entries.`);
  const requests = entries
    .map(({ request }) => request as HarRequest)
    .filter((each) => each?.url && each.method);
  const acts = requests.flatMap((request) => {
    const sent = bodyOf(request);
    return request.method === 'GET' && !LOG_OUT.test(request.url) ? [] : [{ request, sent }];
  });
  const withPassword = acts.filter(({ sent }) =>
    Object.keys(sent?.fields ?? {}).some((name) => PASSWORD.test(name)),
  );
  const logIn = withPassword.find(({ request }) => LOG_IN.test(request.url)) ?? withPassword.at(-1);
  if (!logIn)
    throw new UsageError(
      `${file} has no login in it: no request with a password. Record from the login page on, and let DevTools export the request bodies.`,
    );
  const signUp = withPassword.find(
    ({ request, sent }) =>
      request !== logIn.request && (SIGN_UP.test(request.url) || passwords(sent).length > 1),
  );
  const known = accountOf(logIn.sent?.fields ?? {}, signUp?.sent?.fields ?? {});
  const logOut = acts.find(
    ({ request }) => LOG_OUT.test(new URL(request.url).pathname) && !EVERYWHERE.test(request.url),
  );
  const everywhere = acts.find(
    ({ request, sent }) => EVERYWHERE.test(request.url) && passwords(sent).length === 0,
  );
  const others = [logIn, signUp, logOut, everywhere].map((each) => each?.request);
  const change = acts.find(
    ({ request, sent }) =>
      request.method === 'POST' && !others.includes(request) && passwords(sent).length === 0 && sent,
  );
  const action = (each: typeof logIn | undefined) => each && actionOf(each.request, each.sent, known);
  const flow = {
    signUp: action(signUp),
    logIn: action(logIn),
    logOut: action(logOut),
    everywhere: action(everywhere),
    change: action(change),
  };
  return {
    ...Object.fromEntries(Object.entries(flow).filter(([, each]) => each !== undefined)),
    // Who signed up in the file is there already, or not: with a sign-up the audit makes a user of its own.
    ...(signUp ? {} : { account: known }),
  };
}

const PASSWORD = /pass(?:word|wd)?|^pwd/i;
const TOKEN = /csrf|xsrf|token|authenticity/i;

interface Sent {
  readonly kind: 'form' | 'json';
  readonly fields: Readonly<Record<string, string>>;
}

const passwords = (sent: Sent | undefined) =>
  Object.keys(sent?.fields ?? {}).filter((name) => PASSWORD.test(name));

function bodyOf({ postData }: HarRequest): Sent | undefined {
  if (!postData) return undefined;
  const { mimeType = '', text = '', params = [] } = postData;
  if (/json/.test(mimeType)) {
    try {
      const json = JSON.parse(text);
      const pairs = Object.entries(json).filter(
        (pair): pair is [string, string] => typeof pair[1] === 'string',
      );
      return { kind: 'json', fields: Object.fromEntries(pairs) };
    } catch {
      return undefined;
    }
  }
  if (/urlencoded/.test(mimeType)) {
    const fields = text
      ? Object.fromEntries(new URLSearchParams(text))
      : Object.fromEntries(
          params.map(({ name, value = '' }) => [
            decodeURIComponent(name),
            decodeURIComponent(value.replaceAll('+', ' ')),
          ]),
        );
    return { kind: 'form', fields };
  }
  return undefined;
}

/** The user of the recording: what was typed into the fields of the login. */
function accountOf(
  logIn: Readonly<Record<string, string>>,
  signUp: Readonly<Record<string, string>>,
): Partial<Account> {
  const all = { ...signUp, ...logIn };
  const find = (pattern: RegExp) => Object.entries(all).find(([name]) => pattern.test(name))?.[1];
  const password = find(PASSWORD);
  const email = find(/e-?mail/i) ?? Object.values(all).find((value) => /^\S+@\S+\.\S+$/.test(value));
  const username = find(/user|login|nick|account/i);
  const known = { password, email, username: username ?? email };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value)) as Partial<Account>;
}

function actionOf(
  { method, url, headers }: HarRequest,
  sent: Sent | undefined,
  account: Partial<Account>,
): Action {
  const { pathname, search } = new URL(url);
  const referer = headers?.find(({ name }) => name.toLowerCase() === 'referer')?.value;
  const page =
    referer && new URL(referer).origin === new URL(url).origin ? new URL(referer).pathname : undefined;
  const fields = Object.fromEntries(
    Object.entries(sent?.fields ?? {})
      // A token of then is none of today: the page gives a new one.
      .filter(([name]) => !TOKEN.test(name))
      .map(([name, value]) => [name, placed(name, value, account)]),
  );
  return {
    method,
    path: pathname + search,
    ...(page && sent?.kind === 'form' && { page }),
    ...(sent?.kind === 'form' && { form: fields }),
    ...(sent?.kind === 'json' && { json: fields }),
  };
}

function placed(name: string, value: string, account: Partial<Account>): string {
  if (PASSWORD.test(name)) return '{password}';
  if (value === account.email) return '{email}';
  return value === account.username ? '{username}' : value;
}
