import { html } from '../view/html.ts';

/** For the few pages that a door makes itself. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
} as const;

/**
 * The page through which a frame comes in. It goes on by itself, so that the next request is one from this very address.
 * @param to a path of the shop
 */
export function entryPage(to: string): string {
  const path = /^\/(?![/\\])/.test(to) ? to : '/';
  return html`<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${path}"><title>The shop opens</title>`
    .text;
}

const WHY: Readonly<Record<string, readonly [title: string, words: string]>> = {
  refused: [
    'No connection',
    'Nothing listens where the shop should be: its process has ended, or did not open. A browser says ERR_CONNECTION_REFUSED.',
  ],
  'broke off': [
    'No answer',
    'The shop took the request, and its process ended before it had answered. A browser says ERR_EMPTY_RESPONSE.',
  ],
};

/** What a shopper sees when there is no answer. The page says that it is not the shop's. */
export function noAnswerPage(failed: string): string {
  const [title, words] = WHY[failed] ?? ['No answer', 'The shop did not answer.'];
  return html`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;display:grid;place-content:center;min-height:90vh;max-width:28rem;margin:auto;padding:1rem}h1{font-size:1.3rem}p{margin:.3rem 0}small{opacity:.8}</style>
<h1>${title}</h1><p>${words}</p><p><small>This page is the workbench’s. A real browser shows one of its own.</small></p></html>`
    .text;
}
