import type { Route } from '../app/running-app.ts';
import type { Action } from './action.ts';
import { type Body, logInBodies, signUpBodies, USER, WHOLE } from './body-fields.ts';
import type { Seen } from './crawl.ts';
import { EVERYWHERE, fillForm, LOG_IN, LOG_OUT, passwords, SIGN_UP, visible } from './fields.ts';
import type { Form } from './read-page.ts';
import type { Visitor } from './visitor.ts';

type Kind = 'signUp' | 'logIn' | 'logOut' | 'everywhere' | 'change';

/** A form on the page where it was seen. */
interface Placed {
  readonly form: Form;
  readonly page: string;
  readonly path: string;
}

const formsIn = (seen: readonly Seen[], visitor: Visitor): Placed[] =>
  seen.flatMap(({ asked, exchange, page }) =>
    (page?.forms ?? []).flatMap((form) => {
      const path = visitor.pathOf(form.action || exchange.path, exchange.path);
      return path === undefined ? [] : [{ form, page: asked, path }];
    }),
  );

/** The purpose of a form: first by its fields, then by its words. */
function kindOf({ form, page, path }: Placed): Kind | undefined {
  const own = `${path} ${form.words}`;
  const secret = passwords(form).length;
  if (form.method !== 'POST') return LOG_OUT.test(own) ? 'logOut' : undefined;
  if (secret === 0 && EVERYWHERE.test(own)) return 'everywhere';
  if (secret === 0 && LOG_OUT.test(own)) return 'logOut';
  if (secret > 0) {
    if (secret > 1 || (SIGN_UP.test(own) && !LOG_IN.test(path))) return 'signUp';
    if (LOG_IN.test(own)) return 'logIn';
    if (SIGN_UP.test(page)) return 'signUp';
    return visible(form).length > 2 ? 'signUp' : 'logIn';
  }
  const texts = visible(form);
  if (texts.length > 0 && texts.length <= 2 && LOG_IN.test(own) && !/forgot|reset/i.test(own)) return 'logIn';
  if (/forgot|reset|search|delete|remove|contact|newsletter|subscribe/i.test(own)) return undefined;
  return 'change';
}

/** Actions of one kind that the pages offer, in the order they were seen. */
export function offered(kind: Kind, seen: readonly Seen[], visitor: Visitor): Action[] {
  const forms = formsIn(seen, visitor).filter((placed) => kindOf(placed) === kind);
  const actions = forms.flatMap(({ form, page, path }) => {
    const base = { method: form.method, path, page };
    const fields = fillForm(form);
    const ways: Action[] = [{ ...base, form: fields }];
    if (kind === 'logIn' && Object.values(fields).includes('{username}'))
      ways.push({ ...base, form: fillForm(form, '{email}') });
    return ways.flatMap((way) => withFiles(way, form));
  });
  // What an app does with a file may need a service that is not there.
  actions.sort((a, b) => Number(Boolean(a.files)) - Number(Boolean(b.files)));
  if (kind === 'logOut') actions.push(...linksOut(seen, visitor));
  return unique(actions);
}

/** First only the files that the page requires, then all of them: some apps require one and do not say so. */
function withFiles(way: Action, { multipart, fields }: Form): Action[] {
  if (!multipart) return [way];
  const names = fields.filter(({ type }) => type === 'file');
  const few = names.map(({ name, required }) => [name, required ? 'picture' : 'empty']);
  const all = names.map(({ name }) => [name, 'picture']);
  return [few, all].map((each) => ({ ...way, files: Object.fromEntries(each) }));
}

function linksOut(seen: readonly Seen[], visitor: Visitor): Action[] {
  return seen.flatMap(({ exchange, page }) =>
    (page?.links ?? [])
      .filter(({ href, words }) => LOG_OUT.test(href) || LOG_OUT.test(words))
      .flatMap(({ href }) => {
        const path = visitor.pathOf(href, exchange.path);
        return path === undefined ? [] : [{ method: 'GET', path }];
      }),
  );
}

const PATHS: Readonly<Partial<Record<Kind, RegExp>>> = {
  signUp: /(?:sign-?_?up|regist(?:er|ration)?|create-?(?:user|account)|new-?user|users?)$/i,
  logIn: /(?:log-?_?in|sign-?_?in|sessions?|auth(?:enticate)?)$/i,
  logOut: /(?:log-?_?out|sign-?_?out|log-?off)$/i,
};

/** Calls that the app's routes offer: for an API without pages. With the usual fields. */
export function routed(
  kind: 'signUp' | 'logIn' | 'logOut',
  routes: readonly Route[],
  bodies: readonly Body[] = [],
): Action[] {
  const methods = kind === 'logOut' ? ['POST', 'DELETE', 'GET', 'ALL'] : ['POST', 'ALL', 'PUT'];
  const fits = routes.filter(
    ({ method, path }) => methods.includes(method) && PATHS[kind]?.test(path) && !/[:*({]/.test(path),
  );
  fits.sort((a, b) => methods.indexOf(a.method) - methods.indexOf(b.method));
  const documents = kind === 'signUp' ? signUpBodies(bodies) : logInBodies(bodies);
  return unique(
    fits.flatMap(({ method, path }): Action[] => {
      const base = { method: method === 'ALL' ? 'POST' : method, path, ...tokenOf(routes) };
      if (kind === 'logOut') return [base];
      const form = kind === 'signUp' ? WHOLE : USER;
      return [...documents.map((json) => ({ ...base, json })), { ...base, form }];
    }),
  );
}

/** The call of an API that gives out the token against forged requests. */
function tokenOf(routes: readonly Route[]): { token?: string } {
  const found = routes.find(
    ({ method, path }) => method === 'GET' && /csrf|xsrf/i.test(path) && !/[:*({]/.test(path),
  );
  return found ? { token: found.path } : {};
}

function unique(actions: readonly Action[]): Action[] {
  const seen = new Set<string>();
  return actions.filter((action) => {
    const key = JSON.stringify([action.method, action.path, action.form, action.files, action.json]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
