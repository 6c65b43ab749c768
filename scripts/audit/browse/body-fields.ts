import type { SourceFile } from '../app/source-of.ts';
import { valueByName } from './fields.ts';

/** What a handler of a sign-up or a login reads from the body: its fields with placeholders. */
export interface Body {
  readonly fields: Readonly<Record<string, string>>;
  /** The object inside the body that has them: {"user": {"email": …}}. */
  readonly inside: string | undefined;
}

const PASSWORD = /pass|^pwd/i;
const IDENTIFIER = /e-?mail|user|login|nick|handle|account|phone|^name$/i;
/** A field of a handler that changes or resets a password. */
const OTHER_HANDLER = /(?:new|old|current|previous)_?-?(?:pass|e-?mail|user)|token|otp|^code$/i;
/** Left out: what users do not choose for themselves. */
const NOT_FILLED = /role|admin|^_|^id$|file|captcha|remember/i;
/** How far from a password the other fields of its handler are, in characters. */
const NEAR = 600;

/** The bodies with a password that sources read, most fields first. */
export function bodiesIn(sources: readonly SourceFile[]): Body[] {
  const found = sources.flatMap(({ text }) => [...taken(text), ...named(text), ...byAlias(text)]);
  const bodies = found.flatMap(({ names, inside }): Body[] => {
    if (!names.some((name) => PASSWORD.test(name)) || !names.some((name) => IDENTIFIER.test(name))) return [];
    if (names.some((name) => OTHER_HANDLER.test(name))) return [];
    const kept = [...new Set(names)].filter((name) => !NOT_FILLED.test(name)).sort();
    return [{ fields: Object.fromEntries(kept.map((name) => [name, valueByName(name)])), inside }];
  });
  const unique = new Map(bodies.map((body) => [JSON.stringify(body), body]));
  const size = ({ fields }: Body) => Object.keys(fields).length;
  return [...unique.values()].sort((a, b) => size(b) - size(a));
}

interface Read {
  readonly names: readonly string[];
  readonly inside: string | undefined;
}

/** `const { email, password } = req.body` */
const taken = (text: string): Read[] =>
  [
    ...text.matchAll(
      /\{([^{}]*)\}\s*(?::\s*[\w.<>[\]]+\s*)?=\s*\(?(?:\w+\.)?req(?:uest)?\.body(?:\.(\w+))?/g,
    ),
  ].map(([, names = '', inside]) => ({ names: listed(names), inside }));

const listed = (text: string): string[] =>
  text
    .replace(/\/\/[^\n]*|\/\*.*?\*\//gs, '')
    .split(',')
    .flatMap((part) => /^\s*([A-Za-z_]\w*)/.exec(part)?.[1] ?? []);

/** `req.body.email` near `req.body.password` */
function named(text: string): Read[] {
  const all = [...text.matchAll(/\breq(?:uest)?\.body\.(\w+)(?:\.(\w+))?/g)].map(
    ({ index, 1: first = '', 2: second = '' }) => ({ index, first, second }),
  );
  return all.flatMap(({ index, first, second }): Read[] => {
    const near = all.filter((each) => Math.abs(each.index - index) < NEAR);
    if (PASSWORD.test(first)) return [{ names: near.map((each) => each.first), inside: undefined }];
    if (!PASSWORD.test(second)) return [];
    return [{ names: near.filter((each) => each.first === first).map((each) => each.second), inside: first }];
  });
}

/** `const user = req.body.user; find(user.email)` */
const byAlias = (text: string): Read[] =>
  [...text.matchAll(/\b(\w+)\s*=\s*req(?:uest)?\.body(?:\.(\w+))?\s*[;\n]/g)].map(
    ({ index, 1: alias = '', 2: inside }) => ({
      names: [...text.slice(index, index + NEAR).matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, 'g'))].map(
        ([, name = '']) => name,
      ),
      inside,
    }),
  );

export const USER = { username: '{username}', email: '{email}', password: '{password}' };
export const WHOLE = {
  ...USER,
  name: '{name}',
  firstName: '{name}',
  lastName: '{name}',
  phone: '{phone}',
  confirmPassword: '{password}',
};
/** How many bodies of the source are tried at each route. */
const MOST_BODIES = 2;

type Document = Readonly<Record<string, unknown>>;
const documentOf = ({ fields, inside }: Body): Document => (inside ? { [inside]: fields } : fields);

/** The usual fields with all that the source reads first; then no other than those, which strict handlers want. */
export function signUpBodies(bodies: readonly Body[]): Document[] {
  const outside = bodies.filter(({ inside }) => !inside);
  const all: Document = Object.assign({}, ...outside.map(({ fields }) => fields), WHOLE);
  const within = bodies.find(({ inside }) => inside);
  const first = within
    ? [{ ...all, ...documentOf({ ...within, fields: { ...WHOLE, ...within.fields } }) }]
    : [];
  const byName = { name: '{name}', email: '{email}', password: '{password}' };
  return [...first, all, ...bodies.slice(0, MOST_BODIES).map(documentOf), USER, byName];
}

export function logInBodies(bodies: readonly Body[]): Document[] {
  const fewestFirst = [...bodies].reverse().slice(0, MOST_BODIES).map(documentOf);
  const byEmail = { email: '{email}', password: '{password}' };
  const byName = { username: '{username}', password: '{password}' };
  // Some take the address for the name that Passport asks for.
  const nameIsEmail = { username: '{email}', password: '{password}' };
  return [USER, byEmail, byName, nameIsEmail, ...fewestFirst];
}
