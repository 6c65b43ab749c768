import { type Account, fillIn } from './account.ts';
import type { Files } from './multipart.ts';
import { type Form, type Page, readPage } from './read-page.ts';
import type { Exchange, Sending, Visitor } from './visitor.ts';

/** Something a visitor does with one request: a form of a page, or a call of an API. Values may have placeholders for an account's data. */
export interface Action {
  readonly method: string;
  readonly path: string;
  /** The page with the form, which is opened first: hidden fields and tokens come from it. */
  readonly page?: string;
  /** The call of an API that gives out the token against forged requests, which is made first. */
  readonly token?: string;
  readonly form?: Readonly<Record<string, string>>;
  /** The file fields of the form. */
  readonly files?: Files;
  readonly json?: Readonly<Record<string, unknown>>;
}

/** Describes an action without values: 'POST /login (form: email, password)'. */
export function describeAction({ method, path, form, files, json }: Action): string {
  const fields = Object.keys({ ...(form ?? json), ...files });
  return `${method} ${path}${fields.length ? ` (${form ? 'form' : 'JSON'}: ${fields.join(', ')})` : ''}`;
}

export interface PlayOptions {
  /** Replaces the account's password. */
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What was prepared before: then the page is not opened again. */
  readonly opened?: Sending;
}

/** Plays an action for a visitor, and follows the redirects. @returns every exchange, the answer to the action at `acted` */
export async function play(
  visitor: Visitor,
  action: Action,
  account: Account,
  options: PlayOptions = {},
): Promise<{ acted: Exchange; all: Exchange[] }> {
  const sending = options.opened ?? (await prepare(visitor, action, account, options));
  const all = await visitor.sendAndFollow(action.method, action.path, sending);
  const [acted] = all;
  if (!acted) throw new Error('a request has an answer');
  return { acted, all };
}

/** Prepares what is sent: opens the form's page for its hidden fields, and a page for the token that scripts would send. */
export async function prepare(
  visitor: Visitor,
  action: Action,
  account: Account,
  { password = account.password, headers = {} }: PlayOptions = {},
): Promise<Sending> {
  const { form, files, json } = action;
  const opened = action.page === undefined ? undefined : (await visitor.follow(action.page)).at(-1);
  const page = opened && isHtml(opened) ? readPage(opened.body) : undefined;
  const given = action.token === undefined ? undefined : tokenIn(await visitor.get(action.token));
  const tokens = tokenHeaders(visitor, page, given);
  if (form) {
    const hidden = page && opened ? hiddenFields(page, action, visitor, opened.path) : {};
    return {
      form: { ...hidden, ...fillIn(form, account, password) },
      ...(files && { files }),
      headers: { ...tokens, ...headers },
    };
  }
  return { ...(json && { json: fillIn(json, account, password) }), headers: { ...tokens, ...headers } };
}

export const isHtml = ({ headers }: Exchange): boolean => /html/.test(headers['content-type'] ?? '');

/** Cookies whose token a script sends in a header. */
const TOKEN_COOKIES = /^(?:XSRF-TOKEN|csrf-?token|_csrf|csrf|psifi\.x-csrf-token)$/i;

function tokenHeaders(
  visitor: Visitor,
  page: Page | undefined,
  given: string | undefined,
): Record<string, string> {
  const cookie = visitor.cookies.find(({ name }) => TOKEN_COOKIES.test(name));
  const token = given ?? page?.metaToken ?? (cookie && decoded(cookie.value));
  return token ? { 'X-CSRF-Token': token, 'X-XSRF-TOKEN': token, 'CSRF-Token': token } : {};
}

/** The token in the answer of an API: { "csrfToken": "…" }. */
function tokenIn({ status, body }: Exchange): string | undefined {
  if (status >= 400) return undefined;
  return /"[^"]*(?:csrf|xsrf|token)[^"]*"\s*:\s*"([^"\\]{8,})"/i.exec(body)?.[1];
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The form's own values for the fields that the action does not fill in. */
function hiddenFields(page: Page, action: Action, visitor: Visitor, at: string): Record<string, string> {
  const form = page.forms.find((each) => isFormOf(each, action, visitor, at));
  const hidden = (form?.fields ?? []).filter(({ type }) => type === 'hidden');
  return Object.fromEntries(hidden.map(({ name, value }) => [name, value]));
}

function isFormOf(form: Form, action: Action, visitor: Visitor, at: string): boolean {
  const path = visitor.pathOf(form.action || at, at);
  if (form.method !== action.method || path === undefined) return false;
  if (path.split('?')[0] !== action.path.split('?')[0]) return false;
  return Object.keys(action.form ?? {}).every((name) => form.fields.some((field) => field.name === name));
}
