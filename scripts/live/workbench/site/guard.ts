import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Address } from './addresses.ts';

/**
 * Why a request does not get in; undefined when it may. Its Host must be this port, because another name that resolves here
 * is DNS rebinding, and it must come from a page of this address: browsers send the headers for that, and pages cannot change them.
 * @param firstVisit whether this request proves with a token that its sender knows the address
 */
export function refusal(
  { headers }: IncomingMessage,
  address: Address,
  firstVisit = false,
): string | undefined {
  if (!address.hosts.includes(headers.host ?? '')) return 'This address is not one of the workbench.';
  if (firstVisit && headers['sec-fetch-mode'] === 'navigate' && headers.origin === undefined)
    return undefined;
  const own = [address.origin, ...address.hosts.map((host) => `http://${host}`)];
  if (headers.origin !== undefined && !own.includes(headers.origin)) return FROM_ELSEWHERE;
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none' ? undefined : FROM_ELSEWHERE;
}

const FROM_ELSEWHERE = 'Another page asked for this. Open it from the workbench.';

/** Answers with a line of text. */
export function sayText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  response.end(`${text}\n`);
}
