import type { Cookie } from '../../../grader/check/browser-cookies.ts';
import { attributesOf } from '../doors/shopper-cookies.ts';
import type { ShopperState } from '../doors/shoppers.ts';
import { sessionCookieIn } from '../xray/session-cookie.ts';
import { type Html, html } from './html.ts';

/** A shopper on the page: a frame on the shop, and a bar above it. */
export interface ShownShopper extends ShopperState {
  /** The address that their frame loads first. */
  readonly entry: string;
}

/** The card of a shopper. The frame in it is never redrawn: it is a browser. */
export function shopperCard(shopper: ShownShopper, all: readonly ShopperState[], base: string): Html {
  const { name, entry, isHere } = shopper;
  const id = name.toLowerCase();
  return html`<section class="shopper" id="shopper-${id}" data-shopper="${id}" aria-label="${name}’s browser"${!isHere && html` hidden`}>
${shopperBar(shopper, all, base)}
<iframe title="The shop as ${name} sees it" data-entry="${entry}"></iframe>
</section>`;
}

/** The bar above a shopper's frame: who it is, where they are, which cookies they have and what can be done to them. */
export function shopperBar(
  { name, cookies, path, entry }: ShownShopper,
  all: readonly ShopperState[],
  base: string,
): Html {
  const id = name.toLowerCase();
  const kept = cookies.all();
  const session = kept.map((each) => sessionCookieIn(each.cookieString())).find(Boolean);
  const others = all.filter((each) => each.isHere && each.name !== name);
  return html`<div class="bar" id="bar-${id}">
<b class="who who-${id}">${name}</b>
<button type="button" class="icon" data-reload="${id}" title="Reload" aria-label="Reload ${name}’s page">↻</button>
<form class="address" data-go="${id}"><label class="sr" for="at-${id}">${name} is at</label><input id="at-${id}" name="path" value="${path}" autocomplete="off" spellcheck="false"></form>
<details class="jar" id="jar-${id}"><summary title="${name}’s cookies"><span class="sr">${name}’s cookies: </span><span class="ticket">${session ? html`${session.id.slice(0, 6)}…` : 'no cookie'}</span></summary>
<div class="sheet">
<h3>${name}’s cookies</h3>
${kept.length > 0 ? kept.map((cookie) => cookieForm(cookie, name, base)) : html`<p class="nothing">None. A browser without cookies is a stranger.</p>`}
<form method="post" action="${base}shopper/${id}/close" data-after="reload-${id}"><button>Close the browser and open it again</button><p class="small">Cookies that name no end are gone.</p></form>
${others.map((other) => html`<form method="post" action="${base}shopper/${id}/copy" data-after="reload-${id}"><input type="hidden" name="from" value="${other.name.toLowerCase()}"><button>Steal ${other.name}’s cookies</button></form>`)}
<p class="small"><a href="${entry}" target="_blank" rel="noreferrer">Open ${name}’s shop in a tab of its own</a></p>
</div></details></div>`;
}

function cookieForm(cookie: Cookie, shopper: string, base: string): Html {
  const { key: name, value } = cookie;
  const attributes = attributesOf(cookie);
  const id = `${shopper.toLowerCase()}-${name}`;
  return html`<form class="cookie-form" method="post" action="${base}shopper/${shopper.toLowerCase()}/edit" data-after="reload-${shopper.toLowerCase()}">
<label for="c-${id}">${name}</label><input type="hidden" name="name" value="${name}">
<textarea id="c-${id}" name="value" rows="3" spellcheck="false">${decoded(value)}</textarea>
<p class="small">${attributes || 'without attributes'}</p><button>Set it</button> <button name="delete" value="1">Delete it</button></form>`;
}

/** URL-decoded for people, where it can be. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
