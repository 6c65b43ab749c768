import { UsageError } from '../../shared/errors.ts';
import type { Account } from './account.ts';
import type { Action } from './action.ts';
import { EVERYWHERE, LOG_IN, LOG_OUT, SIGN_UP } from './fields.ts';
import { type Body, bodyOf, type RecordedRequest } from './recorded-request.ts';
import type { Flow } from './way.ts';

/**
 * Finds in a visitor's requests the sign-up, the login, a change and the logout.
 * @param source is named in errors: a file, or 'The recording'
 * @throws {UsageError} when there is no login in it
 */
export function flowOfRequests(requests: readonly RecordedRequest[], source: string): Flow {
  const acts = requests.flatMap((request) => {
    const sent = bodyOf(request);
    return request.method === 'GET' && !LOG_OUT.test(request.url) ? [] : [{ request, sent }];
  });
  const withPassword = acts.filter(({ sent }) => passwords(sent).length > 0);
  const logIn = withPassword.find(({ request }) => LOG_IN.test(request.url)) ?? withPassword.at(-1);
  if (!logIn) throw noLogin(requests, source);
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
    private: privateIn(requests, requests.indexOf(logIn.request)),
  };
  return {
    ...Object.fromEntries(Object.entries(flow).filter(([, each]) => each !== undefined)),
    // The file's user may exist or not: with a sign-up the audit makes its own user.
    ...(signUp ? {} : { account: known }),
  };
}

function noLogin(requests: readonly RecordedRequest[], source: string): UsageError {
  const isMultipart = requests.some(({ postData }) => /multipart/.test(postData?.mimeType ?? ''));
  return new UsageError(
    `${source} has no login in it: no request with a password. ${
      isMultipart
        ? 'It has requests of the kind multipart/form-data, which the audit neither reads nor writes.'
        : 'Record from the login page on, and let DevTools export the request bodies.'
    }`,
  );
}

/** The first page that was shown after the login and not before it. The audit tries it first, and verifies it. */
function privateIn(requests: readonly RecordedRequest[], login: number): string | undefined {
  const pages = requests.map(({ method, url, status, type }) =>
    method === 'GET' && status === 200 && /html/.test(type ?? '') ? new URL(url).pathname : undefined,
  );
  const before = pages.slice(0, login);
  return pages
    .slice(login)
    .find((path) => path !== undefined && !before.includes(path) && !LOG_OUT.test(path));
}

const PASSWORD = /pass(?:word|wd)?|^pwd/i;
const TOKEN = /csrf|xsrf|token|authenticity/i;

const passwords = (sent: Body | undefined) =>
  Object.keys(sent?.fields ?? {}).filter((name) => PASSWORD.test(name));

/** The user of the recording: from the fields of the login. */
function accountOf(
  logIn: Readonly<Record<string, unknown>>,
  signUp: Readonly<Record<string, unknown>>,
): Partial<Account> {
  const all = Object.entries({ ...signUp, ...logIn }).filter(
    (field): field is [string, string] => typeof field[1] === 'string',
  );
  const find = (pattern: RegExp) => all.find(([name]) => pattern.test(name))?.[1];
  const password = find(PASSWORD);
  const email = find(/e-?mail/i) ?? all.find(([, value]) => /^\S+@\S+\.\S+$/.test(value))?.[1];
  const username = find(/user|login|nick|account/i);
  const known = { password, email, username: username ?? email };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value)) as Partial<Account>;
}

function actionOf(
  { method, url, headers }: RecordedRequest,
  sent: Body | undefined,
  account: Partial<Account>,
): Action {
  const { pathname, search } = new URL(url);
  const referer = headers?.find(({ name }) => name.toLowerCase() === 'referer')?.value;
  const page =
    referer && new URL(referer).origin === new URL(url).origin ? new URL(referer).pathname : undefined;
  const fields = Object.fromEntries(
    Object.entries(sent?.fields ?? {})
      // A recorded token is no longer valid: the page gives a new one.
      .filter(([name]) => !TOKEN.test(name))
      .map(([name, value]) => [name, typeof value === 'string' ? placed(name, value, account) : value]),
  );
  return {
    method,
    path: pathname + search,
    ...(page && sent?.kind === 'form' && { page }),
    ...(sent?.kind === 'form' && { form: fields as Record<string, string> }),
    ...(sent?.kind === 'json' && { json: fields }),
  };
}

function placed(name: string, value: string, account: Partial<Account>): string {
  if (PASSWORD.test(name)) return '{password}';
  if (value === account.email) return '{email}';
  return value === account.username ? '{username}' : value;
}
