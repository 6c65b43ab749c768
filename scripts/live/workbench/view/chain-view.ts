import type { SeenExchange, StoredSession } from '../xray/exchange.ts';
import { checkSignature, type SessionCookie, secretsOf, sessionCookieIn } from '../xray/session-cookie.ts';
import { type Html, html } from './html.ts';

/** How much of an ID and of a signature is shown; the document below shows all of it. */
const ID_CHARACTERS = 12;

/** cookie → signature → ID → document → end, as this exchange had them. */
export function chainView(exchange: SeenExchange): Html {
  const sent = sessionCookieIn(exchange.cookie);
  const set = exchange.setCookies.map((line) => sessionCookieIn(line.split(';')[0] ?? '')).find(Boolean);
  const cookie = set ?? sent;
  if (!cookie) {
    return html`<ol class="chain"><li class="link none"><h3>Cookie</h3><p>none was sent, none came back</p></li><li class="link none"><h3>Session</h3><p>${
      exchange.inside?.call ? 'an empty one, for this request alone' : 'none'
    }</p></li></ol>`;
  }
  const stored =
    exchange.after?.id === cookie.id
      ? exchange.after
      : exchange.before?.id === cookie.id && !exchange.inside
        ? exchange.before
        : undefined;
  return html`<ol class="chain" aria-label="From the cookie to the end of its session">
<li class="link"><h3>Cookie ${set ? 'that came back' : 'that was sent'}</h3>${cookieParts(cookie)}</li>
${signatureLink(cookie, exchange)}
<li class="link"><h3>Session ID</h3><p>${part('id', `${cookie.id.slice(0, ID_CHARACTERS)}…`)}</p><p class="small secret">A key: in production it stands in no log.</p></li>
${documentLink(stored, exchange)}
${endLink(stored, exchange)}
</ol>`;
}

/** A part that is shown in several places: choosing one highlights all. */
export function part(name: string, text: string | Html): Html {
  return html`<button type="button" class="part" data-part="${name}" aria-pressed="false">${text}</button>`;
}

/** Lets a dotted name break after a dot. */
const wrapped = (name: string) => html`${name.split(/(?<=\.)/).map((each) => html`${each}<wbr>`)}`;

function cookieParts({ name, id, signature }: SessionCookie): Html {
  return html`<p class="cookie">${part('name', name)}=${part('prefix', 's:')}${part('id', `${id.slice(0, ID_CHARACTERS)}…`)}.${part('signature', `${signature.slice(0, 6)}…`)}</p>`;
}

function signatureLink(cookie: SessionCookie, exchange: SeenExchange): Html {
  const check = checkSignature(cookie, secretsOf(exchange));
  const words = check.holds
    ? html`<p class="good">✓ holds, by ${part('signature', wrapped(check.by))}</p>`
    : html`<p class="bad">✗ does not hold by ${check.tried.join(', nor by ')}</p>`;
  return html`<li class="link ${check.holds ? '' : 'broken'}"><h3>Signature</h3>${words}<p class="small">HMAC-SHA256 of the ID</p></li>`;
}

function documentLink(stored: StoredSession | undefined, exchange: SeenExchange): Html {
  if (stored) return html`<li class="link"><h3>${kindOf(stored)}</h3><p>${part('id', stored.where)}</p></li>`;
  if (exchange.inside?.store === 'MemoryStore')
    return html`<li class="link broken"><h3>In memory</h3><p>MemoryStore does not know this ID</p></li>`;
  return html`<li class="link broken"><h3>${exchange.before ? kindOf(exchange.before) : 'Stored'}</h3><p>${exchange.ms === undefined ? 'not known yet' : 'none with this ID'}</p></li>`;
}

/** What a store keeps a session in. */
function kindOf({ where }: StoredSession): string {
  if (where.startsWith('Redis')) return 'Key';
  return where.startsWith('MemoryStore') ? 'In memory' : 'Document';
}

function endLink(stored: StoredSession | undefined, { cookieEnds }: SeenExchange): Html {
  const cookie =
    cookieEnds === undefined ? 'ends with the browser' : html`ends <time data-until="${cookieEnds}"></time>`;
  const document =
    stored?.ends === undefined ? 'names no end' : html`ends <time data-until="${stored.ends}"></time>`;
  return html`<li class="link"><h3>End</h3><p>${part('end', 'cookie')} ${cookie}</p>${stored && html`<p>${part('end', 'session')} ${document}</p>`}</li>`;
}
