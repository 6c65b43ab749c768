// The lines of the X-ray: their details, and the seconds that are left of cookies and sessions.
import { $, $$, element, keepingFocus, whenReleased } from './redraw.js';

const base = document.body.dataset.base;
const MOST_LINES = 100;
/** How far the shop's clock is ahead of that of this machine, in milliseconds. */
let clockAhead = 0;

/** Called when the shop's clock has been moved. */
export function moveClock(ahead) {
  clockAhead = ahead;
  tick();
}

/** Shows a line of the X-ray: a new one, or one of which more is known. */
export function showExchange({ n, html }) {
  whenReleased(`x${n}`, () => showNow(n, html));
}

function showNow(n, html) {
  const list = $('#exchanges');
  const fresh = element(html);
  const old = document.getElementById(`x${n}`);
  if (old) {
    keepingFocus(old, () => $('summary', old).replaceWith($('summary', fresh)));
    if (old.open) void fill(old);
    return;
  }
  list.prepend(fresh);
  const isPage = !fresh.classList.contains('asset');
  if ($('#follow').checked && isPage) {
    for (const each of $$('details.x[data-followed]', list)) {
      each.open = false;
      delete each.dataset.followed;
    }
    fresh.dataset.followed = '';
    fresh.open = true;
    list.parentElement.scrollTop = 0;
  }
  for (const each of $$('details.x', list).slice(MOST_LINES)) each.remove();
}

/** Loads the details of a line. An answer is dropped when a newer request was sent. */
export async function fill(details) {
  const asked = (Number(details.dataset.asked) || 0) + 1;
  details.dataset.asked = asked;
  const response = await fetch(`${base}exchange/${details.dataset.n}`).catch(() => undefined);
  if (!response?.ok) return;
  const text = await response.text();
  if (Number(details.dataset.asked) !== asked) return;
  const body = $('.x-body', details);
  whenReleased(`filled x${details.dataset.n}`, () => {
    const chosen = $('.part.chosen', body)?.dataset.part;
    keepingFocus(details, () => {
      body.innerHTML = text;
    });
    if (chosen) choose(details, chosen);
    tick();
  });
}

/** Highlights a part of the cookie everywhere in this exchange. */
export function choose(exchange, name) {
  for (const part of $$('.part', exchange)) {
    const isIt = part.dataset.part === name;
    part.classList.toggle('chosen', isIt);
    part.setAttribute('aria-pressed', String(isIt));
  }
}

/** Updates the seconds that are left of cookies and sessions. */
export function tick() {
  const now = Date.now() + clockAhead;
  for (const time of $$('time[data-until]')) {
    const left = Math.round((Number(time.dataset.until) - now) / 1000);
    time.textContent = left > 0 ? `in ${timeText(left)}` : `ended ${timeText(-left)} ago`;
    time.classList.toggle('bad', left <= 0);
  }
}

function timeText(seconds) {
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  const first = units.findIndex(([, size]) => seconds >= size);
  let left = seconds;
  const words = units.slice(first === -1 ? 3 : first).slice(0, 2);
  return words
    .map(([unit, size]) => {
      const count = Math.floor(left / size);
      left -= count * size;
      return `${count} ${unit}`;
    })
    .join(' ');
}

setInterval(tick, 1000);
