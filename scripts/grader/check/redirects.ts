import type { Exchange } from './exchange.ts';

/** Why a browser gives up. */
export const TOO_MANY =
  'The redirects go round in a circle: a browser gives up after 20. Does a page that sends visitors on send them to itself, such as a guard that also stands in front of the login page?';
/** Why a redirect does not end in this shop. */
export const LEADS_AWAY =
  'The redirect names a whole address, and the shop is not always there: another port, another name, a proxy. A path alone stays where the shopper is: res.redirect(303, "/cart").';

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
