import { codeOf } from '../../shared/error-code.ts';
import type { RefusalCode } from '../refusal.ts';
import type { Membership } from './membership.ts';

/** The answer of a class. */
export type Answer =
  | { readonly ok: true; readonly [field: string]: unknown }
  | { readonly ok: false; readonly code: RefusalCode; readonly message: string };

/** No class answered: nothing did, or something else. Its message says which. */
export class NoAnswer extends Error {}

/** Sends a request to a class. @param body is sent as JSON @throws {NoAnswer} */
export async function askClass(
  { address, token }: Pick<Membership, 'address'> & Partial<Membership>,
  path: '/join' | '/reports' | '/leave',
  body: object,
  signal: AbortSignal,
): Promise<Answer> {
  let answer: unknown;
  try {
    const response = await fetch(address + path, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify(body),
      // The login page of a guest network is no answer of a class.
      redirect: 'manual',
      signal,
    });
    answer = await response.json().catch(() => undefined);
  } catch (error) {
    throw new NoAnswer(whyNot(error));
  }
  if (!isAnswer(answer)) throw new NoAnswer('something answers there, but it is no class');
  // The message may be shown in a terminal, so it must not contain control characters.
  return answer.ok ? answer : { ...answer, message: answer.message.replace(/\p{C}/gu, ' ') };
}

function isAnswer(value: unknown): value is Answer {
  const { ok, code, message } = (value ?? {}) as Record<string, unknown>;
  return ok === true || (ok === false && typeof code === 'string' && typeof message === 'string');
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such name in this network',
  EAI_AGAIN: 'no name server answers',
  ENETUNREACH: 'this machine is in no network',
  EHOSTUNREACH: 'no such machine is in this network',
  ECONNRESET: 'the connection broke off',
};

function whyNot(error: unknown): string {
  const { name, cause } = error as Error;
  if (name === 'TimeoutError' || name === 'AbortError') return 'it does not answer in time';
  const code = codeOf(cause ?? error);
  return WORDS[code] ?? code;
}
