import type { SeenExchange } from '../xray/exchange.ts';
import { remarksOn } from '../xray/remarks.ts';
import { checkSignature, secretsOf, sessionCookieIn } from '../xray/session-cookie.ts';
import { chainView } from './chain-view.ts';
import { commandsView } from './commands-view.ts';
import { documentView } from './document-view.ts';
import { type Html, html } from './html.ts';
import { setCookieView } from './set-cookie-view.ts';

/** One request as a line that opens. Its details load when it is opened. */
export function exchangeLine(exchange: SeenExchange): Html {
  const { number, shopper, method, path, isAsset, servedBy } = exchange;
  return html`<details class="x ${isAsset ? 'asset' : ''}" id="x${number}" data-n="${number}"><summary>
<span class="who who-${shopper.toLowerCase()}">${shopper}</span>
<span class="req"><b>${method}</b> <span class="p">${path}</span></span>
<span class="res ${resultClass(exchange)}">${result(exchange)}</span>
${servedBy && html`<span class="chip">instance ${servedBy}</span>`}
${!isAsset && chips(exchange)}
</summary><div class="x-body"></div></details>`;
}

function result({ status, failed, ms, location }: SeenExchange): string {
  if (ms === undefined) return status === undefined ? 'waits …' : `${status} comes …`;
  const time = `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (status === undefined) return `${failed} · ${time}`;
  return `${status}${location ? ` → ${location}` : ''}${failed ? ` ${failed}` : ''} · ${time}`;
}

function resultClass({ status, ms, failed }: SeenExchange): string {
  if (ms === undefined) return 'waits';
  return failed || (status ?? 0) >= 500 ? 'bad' : (status ?? 0) >= 400 ? 'no' : 'good';
}

function chips(exchange: SeenExchange): Html {
  const sent = sessionCookieIn(exchange.cookie);
  const holds = sent && checkSignature(sent, secretsOf(exchange)).holds;
  const set = exchange.setCookies.some((line) => sessionCookieIn(line.split(';')[0] ?? ''));
  const names = exchange.commands.map(({ name }) => name.split(' ')[0]);
  return html`<span class="chips">${
    sent
      ? html`<span class="chip ${holds ? 'good' : 'bad'}">cookie <span aria-hidden="true">${holds ? '✓' : '✗'}</span><span class="sr">, its signature ${holds ? 'holds' : 'does not hold'}</span></span>`
      : html`<span class="chip">no cookie</span>`
  }${names.length > 0 && html`<span class="chip db">${names.slice(0, 4).join(' · ')}</span>`}${
    set && html`<span class="chip set">Set-Cookie</span>`
  }</span>`;
}

/** The details of an exchange. @param now of the shop's clock, in milliseconds */
export function exchangeDetails(exchange: SeenExchange, now: number): Html {
  const remarks = remarksOn(exchange);
  return html`<div class="x-in">
${chainView(exchange)}
${remarks.length > 0 && html`<ul class="remarks">${remarks.map((each) => html`<li>${each}</li>`)}</ul>`}
<div class="x-cols">
<section><h3>What reached the database</h3>${commandsView(exchange)}</section>
<section><h3>The session before and after</h3>${documentView(exchange)}</section>
</div>
${exchange.setCookies.map((line) => setCookieView(line, exchange, now))}
</div>`;
}
