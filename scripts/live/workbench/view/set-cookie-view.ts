import { explainSetCookie } from '../xray/attributes.ts';
import type { SeenExchange } from '../xray/exchange.ts';
import { part } from './chain-view.ts';
import { type Html, html } from './html.ts';

/** A Set-Cookie line, each attribute with what a browser does because of it. @param now of the shop's clock, in milliseconds */
export function setCookieView(line: string, { dropped }: SeenExchange, now: number): Html {
  const lost = dropped.find((each) => each.line === line);
  const rows = explainSetCookie(line, now).map(({ text, means, storedAs = '' }) => {
    const name = /expires|originalMaxAge/.test(storedAs) ? 'end' : storedAs;
    return html`<div><dt>${name ? part(name, text) : text}</dt><dd>${means}</dd></div>`;
  });
  return html`<section class="set-cookie"><h3>Set-Cookie: ${line.slice(0, line.indexOf('='))}</h3>
${lost && html`<p class="bad">The browser threw it away: ${lost.rule}.</p>`}<dl>${rows}</dl></section>`;
}
