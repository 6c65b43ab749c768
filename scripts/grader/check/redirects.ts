import { escapeRegExp } from '../../shared/escape-regexp.ts';
import type { Exchange } from './exchange.ts';

/** Shown when a browser gives up. */
export const TOO_MANY =
  'The redirects go round in a circle, and a browser gives up after 20. A page sends visitors to itself, as a guard does that also stands in front of the login page; or each of two pages sends them to the other.';
/** Shown when a redirect does not end in this shop. */
export const LEADS_AWAY =
  'The redirect names a whole address, and the shop is not always there: another port, another name, a proxy. A path alone stays where the shopper is: res.redirect(303, "/cart").';

/** Where an answer sends visitors to this address. */
export function placeOfRedirect(location: string): RegExp {
  const path = escapeRegExp(location.replace(/[?#].*/, ''));
  return new RegExp(`redirect\\(.*['"\`]${path}\\b`, 'i');
}

/** The addresses of a redirect loop, in the browser's order: '/account → /login → /account'. */
export function circleOf(exchange: Exchange): string {
  const visited: string[] = [];
  for (let each: Exchange | undefined = exchange; each; each = each.after) {
    const path = each.sent.split(/\s/)[1] ?? '';
    visited.unshift(path);
    if (visited.indexOf(path, 1) !== -1) break;
  }
  return visited.join(' → ');
}

/** Where a browser goes on from an answer, and how. */
export interface NextRequest {
  readonly url: URL;
  readonly method: string;
  readonly fields: Record<string, string> | undefined;
}

/** @param origin of the page that was asked for @returns undefined when it is no redirect */
export function nextOf({ status, headers, sent, fields }: Exchange, origin: string): NextRequest | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const [method = 'GET', path = '/'] = sent.split(/\s/);
  const url = new URL(location, new URL(path, origin));
  // 307 and 308 send the same again. The others make a GET of a form.
  const again = status === 307 || status === 308;
  return { url, method: again || method === 'HEAD' ? method : 'GET', fields: again ? fields : undefined };
}

/** The path of a request in quotes, as in code, for any method. @param sent 'POST /cart product=mug' */
export function pathIn(sent: string): string {
  const path = sent.split(/[\s,]+/)[1]?.replace(/\?.*/, '') ?? '';
  return `['"\`]${escapeRegExp(path)}['"\`]`;
}
