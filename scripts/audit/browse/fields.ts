import type { Field, Form } from './read-page.ts';

const CONFIRM = /confirm|again|repeat|retype|verify|match|2$|_2|second/i;
export const LOG_IN = /log-?_?\s?in|sign-?_?\s?in|authenticate/i;
export const SIGN_UP =
  /sign-?_?\s?up|regist|join|create[-_ ]?(?:an? )?(?:account|user)|new[-_ ]?(?:account|user)|inscri|regis/i;
export const LOG_OUT = /log-?_?\s?out|log-?_?\s?off|sign-?_?\s?out/i;
export const EVERYWHERE =
  /(?:other|all)[-_ ]*(?:my[-_ ]*)?(?:devices?|sessions?|browsers?)|everywhere|(?:log|sign)[-_ ]?out[-_ ]?(?:of[-_ ])?(?:all|other)/i;

/** The fields that a person sees. */
export const visible = (form: Form): Field[] =>
  form.fields.filter(({ type }) => !['hidden', 'submit', 'checkbox', 'radio', 'file'].includes(type));
export const passwords = (form: Form): Field[] => form.fields.filter(({ type }) => type === 'password');

/**
 * What a person would fill into a form, by the names and types of its fields. Without hidden fields: they are read from the page
 * when it is played.
 * @param identifier what identifies the user, when a field does not say whether it is a name or an address
 */
export function fillForm(
  form: Form,
  identifier: '{username}' | '{email}' = '{username}',
): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const field of form.fields) {
    if (field.type === 'hidden' || field.type === 'file' || field.type === 'reset') continue;
    // Otherwise a separate cookie would log the visitor in, not the session.
    if (field.type === 'checkbox' && /remember|keep|stay/i.test(field.name)) continue;
    if (field.type === 'radio' && field.name in filled) continue;
    if (field.type === 'submit' && field.name in filled) continue;
    filled[field.name] = valueFor(field, identifier);
  }
  return filled;
}

/** What a person would enter for a field of that name, when a page does not show it. */
export const valueByName = (name: string): string =>
  valueFor({ name, type: 'text', value: '', required: false, options: [] }, '{username}');

function valueFor({ name, type, value, options }: Field, identifier: string): string {
  if (type === 'password' || /pass|^pwd/i.test(name) || (CONFIRM.test(name) && /pwd/i.test(name)))
    return '{password}';
  if (type === 'email') return '{email}';
  if (type === 'checkbox' || type === 'radio') return value || 'on';
  if (type === 'submit') return value;
  if (type === 'select') return options[0] ?? '';
  if (type === 'number' || type === 'range') return value || '1';
  if (type === 'date') return '1990-01-01';
  if (type === 'url') return 'https://example.com/';
  if (type === 'tel' || /phone|mobile/i.test(name)) return '{phone}';
  return ofText(name, value, type, identifier);
}

function ofText(name: string, value: string, type: string, identifier: string): string {
  if (/e-?mail/i.test(name)) return '{email}';
  if (/user|login|nick|handle|account/i.test(name)) return identifier;
  if (/(?:first|last|given|family|sur|full|display)_?-?name|^name$|^f?l?name$/i.test(name)) return '{name}';
  if (/\bage\b/i.test(name)) return '30';
  if (/zip|postal/i.test(name)) return '12345';
  if (/price|amount|quantity|qty|number|count/i.test(name)) return value || '1';
  if (/birth|date|dob/i.test(name)) return '1990-01-01';
  if (/url|link|image|photo|avatar|picture/i.test(name)) return value || 'https://example.com/a.png';
  if (value && type !== 'textarea') return value;
  return 'A line of the audit';
}
