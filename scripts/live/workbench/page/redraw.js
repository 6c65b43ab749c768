// Replaces old drawings by new ones of the server. It decides nothing about what is shown.
export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

export const element = (html) => {
  const template = document.createElement('template');
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
};

const FOCUSABLE = 'a[href], button, input, textarea, summary, [tabindex]';

/** Redraws something in this part of the page. The focus stays: on the element of the same ID, else on the one in the same place. */
export function keepingFocus(part, draw) {
  const focused = document.activeElement;
  if (!part.contains(focused)) return draw();
  const home = focused.closest('[id]');
  const place = $$(FOCUSABLE, home).indexOf(focused);
  draw();
  if (document.contains(focused)) return;
  const again = document.getElementById(home.id);
  const same = again?.id === focused.id && place === -1 ? again : again && $$(FOCUSABLE, again)[place];
  const near = again ?? document.getElementById(part.id);
  (same ?? near?.querySelector(FOCUSABLE))?.focus({ preventScroll: true });
}

let isHeld = false;
/** By name: what to draw when nothing is pressed any more. */
const held = new Map();

/** Draws now, or after a pressed mouse button, finger or space bar is released: a press on a redrawn element would be lost. */
export function whenReleased(name, draw) {
  if (isHeld) held.set(name, draw);
  else draw();
}

function release() {
  isHeld = false;
  const draws = [...held.values()];
  held.clear();
  for (const draw of draws) draw();
}

for (const down of ['pointerdown', 'keydown'])
  addEventListener(
    down,
    ({ key, button }) => {
      // The right button opens a menu: no pointerup follows.
      if (button === 0 || key === ' ') isHeld = true;
    },
    true,
  );
// The click of a press comes right after its end.
for (const up of ['pointerup', 'pointercancel', 'keyup'])
  addEventListener(up, () => setTimeout(release), true);
// A window that loses the focus gets no release. This is the window's blur, not that of an element in it.
addEventListener('blur', release);

/** By ID: the newest drawing of a part that is being typed in. */
const waiting = new Map();

function redrawWaiting(id) {
  const html = waiting.get(id);
  waiting.delete(id);
  if (html !== undefined) redraw(id, html);
}

/** Replaces an old drawing as soon as nothing is pressed. What is open stays open, the focus stays, and a field that is being typed in does not change. */
export function redraw(id, html, drawn = () => {}) {
  whenReleased(id, () => {
    redrawNow(id, html);
    drawn();
  });
}

function redrawNow(id, html) {
  const old = document.getElementById(id);
  if (!old) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : undefined;
  if (focused?.matches('input, textarea')) {
    if (!waiting.has(id)) focused.addEventListener('blur', () => redrawWaiting(id), { once: true });
    waiting.set(id, html);
    return;
  }
  waiting.delete(id);
  const fresh = element(html);
  for (const details of $$('details[open][id]', old)) {
    const again = $(`#${CSS.escape(details.id)}`, fresh);
    if (!again) continue;
    again.open = true;
    const filled = $('.filled', details);
    if (filled) $('.filled', again)?.replaceWith(filled);
  }
  const scrolled = old.scrollTop;
  keepingFocus(old, () => old.replaceWith(fresh));
  fresh.scrollTop = scrolled;
}
