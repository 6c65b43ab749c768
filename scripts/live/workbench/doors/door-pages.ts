import { html } from '../view/html.ts';

/** Headers of the few pages that a door makes itself. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
} as const;

/**
 * The page through which a frame comes in. It redirects by itself, so that the next request comes from the door's address.
 * @param to a path of the shop
 */
export function entryPage(to: string): string {
  const path = /^\/(?![/\\])/.test(to) ? to : '/';
  return html`<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${path}"><title>The shop opens</title>`
    .text;
}

/** The answer to a WebSocket. A shop of this course has none. */
export const NO_WEBSOCKET =
  'A shopper’s door passes no WebSocket on. At the shop’s own address, which the workbench names at its top, it works.';

const WHY: Readonly<Record<string, readonly [title: string, words: string]>> = {
  refused: [
    'No connection',
    'Nothing listens where the shop should be: its process has ended, or did not open. A browser says ERR_CONNECTION_REFUSED.',
  ],
  'broke off': [
    'No answer',
    'The shop took the request, and the connection ended before there was an answer: its process ended, or broke it off. A browser says ERR_EMPTY_RESPONSE.',
  ],
};

/** The page for a shopper when there is no answer. It says that it is not the shop's. */
export function noAnswerPage(failed: string): string {
  const [title, words] = WHY[failed] ?? ['No answer', 'The shop did not answer.'];
  return html`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;display:grid;place-content:center;min-height:90vh;max-width:28rem;margin:auto;padding:1rem}h1{font-size:1.3rem}p{margin:.3rem 0}small{opacity:.8}</style>
<h1>${title}</h1><p>${words}</p><p><small>This page is the workbench’s. A real browser shows one of its own.</small></p></html>`
    .text;
}
