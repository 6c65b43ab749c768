import { readFileSync } from 'node:fs';
import { UsageError } from '../../shared/errors.ts';
import type { Action } from './action.ts';
import { flowOfHar } from './har.ts';
import type { Flow } from './way.ts';

const ACTIONS = ['signUp', 'logIn', 'logOut', 'everywhere', 'change'] as const;
const KEYS = [...ACTIONS, 'account', 'private'];
const ACTION_KEYS = ['method', 'path', 'page', 'token', 'form', 'json'];
const ACCOUNT_KEYS = ['username', 'email', 'password', 'name', 'phone'];

/**
 * Reads the way through an app from a flow file, or from a HAR that a browser wrote.
 * @throws {UsageError} with the file and the mistake in it
 */
export function readFlow(flow: string | undefined, har: string | undefined): Flow {
  if (flow && har) throw new UsageError('--flow and --har say the same thing: give one of them.');
  if (har) return flowOfHar(parsed(har, '--har'), har);
  return flow ? checked(parsed(flow, '--flow'), flow) : {};
}

function parsed(file: string, flag: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`${flag} ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** @throws {UsageError} when it is no flow */
export function checked(json: unknown, file: string): Flow {
  const wrong = (what: string) => new UsageError(`${file}: ${what}`);
  if (!isObject(json))
    throw wrong('a flow is an object, such as {"logIn": {"path": "/login", "form": {…}}}.');
  for (const key of Object.keys(json))
    if (!KEYS.includes(key)) throw wrong(`there is no "${key}" in a flow. There are ${KEYS.join(', ')}.`);
  const flow: Record<string, unknown> = {};
  for (const name of ACTIONS) if (json[name] !== undefined) flow[name] = action(json[name], name, wrong);
  if (json.private !== undefined) flow.private = path(json.private, 'private', wrong);
  if (json.account !== undefined) flow.account = strings(json.account, 'account', wrong, ACCOUNT_KEYS);
  return flow as Flow;
}

type Wrong = (what: string) => UsageError;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function action(given: unknown, name: string, wrong: Wrong): Action {
  if (!isObject(given)) throw wrong(`"${name}" is an object with a path.`);
  for (const key of Object.keys(given))
    if (!ACTION_KEYS.includes(key))
      throw wrong(`there is no "${key}" in "${name}". There are ${ACTION_KEYS.join(', ')}.`);
  const { form, json } = given;
  if (form && json) throw wrong(`"${name}" has form and json: give one of them.`);
  if (json !== undefined && !isObject(json)) throw wrong(`"${name}.json" is an object.`);
  const method = given.method ?? (form || json ? 'POST' : 'GET');
  if (typeof method !== 'string' || !/^[A-Z]+$/.test(method))
    throw wrong(`"${name}.method" is a word such as POST.`);
  return {
    method,
    path: path(given.path, `${name}.path`, wrong),
    ...(given.page !== undefined && { page: path(given.page, `${name}.page`, wrong) }),
    ...(given.token !== undefined && { token: path(given.token, `${name}.token`, wrong) }),
    ...(form !== undefined && { form: strings(form, `${name}.form`, wrong) }),
    ...(json !== undefined && { json }),
  };
}

/** Refuses other hosts: the audit talks only to the app that it started. */
function path(given: unknown, name: string, wrong: Wrong): string {
  if (typeof given === 'string' && /^\/(?!\/)/.test(given)) return given;
  throw wrong(`"${name}" is a path of the app, such as "/login".`);
}

function strings(
  given: unknown,
  name: string,
  wrong: Wrong,
  keys?: readonly string[],
): Record<string, string> {
  if (!isObject(given)) throw wrong(`"${name}" is an object of texts.`);
  for (const [key, value] of Object.entries(given)) {
    if (keys && !keys.includes(key))
      throw wrong(`there is no "${key}" in "${name}". There are ${keys.join(', ')}.`);
    if (typeof value !== 'string') throw wrong(`"${name}.${key}" is a text.`);
  }
  return given as Record<string, string>;
}
