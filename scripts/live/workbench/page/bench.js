// The page of the workbench. The server draws it; this file puts new drawings in their place, and nothing of what is shown is decided here.
const base = document.body.dataset.base;
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const MOST_LINES = 100;
let clockAhead = 0;

const element = (html) => {
  const template = document.createElement('template');
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
};

/** Puts a new drawing in the place of an old one. What is open stays open, the focus stays where it is, and what is being typed is left alone. */
function redraw(id, html) {
  const old = document.getElementById(id);
  if (!old) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : undefined;
  if (focused?.matches('input, textarea')) {
    focused.addEventListener('blur', () => redraw(id, html), { once: true });
    return;
  }
  const fresh = element(html);
  for (const details of $$('details[open][id]', old)) {
    const again = $(`#${CSS.escape(details.id)}`, fresh);
    if (!again) continue;
    again.open = true;
    const filled = $('.filled', details);
    if (filled) $('.filled', again)?.replaceWith(filled);
  }
  const scrolled = old.scrollTop;
  old.replaceWith(fresh);
  fresh.scrollTop = scrolled;
  if (focused?.id) document.getElementById(focused.id)?.focus({ preventScroll: true });
}

/** A line of the X-ray: new, or more is known of it. */
function showExchange({ n, html }) {
  const list = $('#exchanges');
  const fresh = element(html);
  const old = document.getElementById(`x${n}`);
  if (old) {
    $('summary', old).replaceWith($('summary', fresh));
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

async function fill(details) {
  const response = await fetch(`${base}exchange/${details.dataset.n}`).catch(() => undefined);
  if (!response?.ok) return;
  const body = $('.x-body', details);
  const chosen = $('.part.chosen', body)?.dataset.part;
  body.innerHTML = await response.text();
  if (chosen) choose(details, chosen);
  tick();
}

/** Shows a part of the cookie everywhere it stands in this exchange. */
function choose(exchange, name) {
  for (const part of $$('.part', exchange)) {
    const isIt = part.dataset.part === name;
    part.classList.toggle('chosen', isIt);
    part.setAttribute('aria-pressed', String(isIt));
  }
}

/** The seconds that are left of cookies and sessions. */
function tick() {
  const now = Date.now() + clockAhead;
  for (const time of $$('time[data-until]')) {
    const left = Math.round((Number(time.dataset.until) - now) / 1000);
    time.textContent = left > 0 ? `in ${inWords(left)}` : `ended ${inWords(-left)} ago`;
    time.classList.toggle('bad', left <= 0);
  }
}

function inWords(seconds) {
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

const frameOf = (id) => $(`#shopper-${id} iframe`);
const go = (id, path) => {
  const frame = frameOf(id);
  if (frame) frame.src = `${frame.dataset.entry}?to=${encodeURIComponent(path)}&at=${Date.now()}`;
};
const reload = (id) => go(id, $(`#at-${id}`)?.value || '/');

function showShoppers(names) {
  for (const card of $$('.shopper')) {
    const isHere = names.includes(card.dataset.shopper);
    card.hidden = !isHere;
    if (isHere && !frameOf(card.dataset.shopper).src) reload(card.dataset.shopper);
  }
  $('#add').hidden = names.length === $$('.shopper').length;
}

function say(words) {
  const said = $('#said');
  said.textContent = words;
  said.classList.add('shown');
  clearTimeout(say.timer);
  say.timer = setTimeout(() => said.classList.remove('shown'), 6000);
}

// What the server tells. The browser connects anew by itself, and gets everything then.
const events = new EventSource(`${base}events`);
const on = (name, act) => events.addEventListener(name, ({ data }) => act(JSON.parse(data)));
on('region', ({ id, html }) => {
  const before = $('#steps .summary')?.textContent;
  redraw(id, html);
  const after = $('#steps .summary')?.textContent;
  if (id === 'steps' && after && after !== before) say(`${after}.`);
  if (id === 'exchanges') for (const each of $$('details.x[open]')) void fill(each);
});
on('exchange', showExchange);
on('shoppers', showShoppers);
on('say', ({ words }) => say(words));
on('clock', ({ ahead }) => {
  clockAhead = ahead;
  tick();
});
on('lesson', () => location.reload());
events.addEventListener('error', () => document.body.classList.add('lost'));
events.addEventListener('open', () => document.body.classList.remove('lost'));
setInterval(tick, 1000);

// Forms ask the server and stay on the page.
document.addEventListener('submit', async (event) => {
  const form = event.target;
  event.preventDefault();
  if (form.dataset.go) {
    go(form.dataset.go, new FormData(form).get('path'));
    return;
  }
  const button = event.submitter;
  if (button?.getAttribute('aria-disabled') === 'true' || button?.dataset.busy) return;
  if (button) button.dataset.busy = '';
  const body = new URLSearchParams(new FormData(form, button));
  document.activeElement?.matches('textarea') && document.activeElement.blur();
  await fetch(form.action, { method: 'POST', body }).catch(() =>
    say('The workbench does not answer. Is the command still running?'),
  );
  if (button) delete button.dataset.busy;
  const [, id] = form.dataset.after?.match(/^reload-(\w+)$/) ?? [];
  if (id) {
    $(`#jar-${id}`).open = false;
    reload(id);
  }
});

document.addEventListener('click', async ({ target }) => {
  const part = target.closest('.part');
  if (part) choose(part.closest('details.x'), part.classList.contains('chosen') ? '' : part.dataset.part);
  const again = target.closest('[data-reload]');
  if (again) reload(again.dataset.reload);
  const copied = target.closest('[data-copy]');
  if (copied) {
    await navigator.clipboard?.writeText(copied.dataset.copy).catch(() => {});
    say(`${copied.dataset.copy} is copied.`);
  }
  for (const details of $$('details.jar[open]')) if (!details.contains(target)) details.open = false;
});

// Opened lines and the solution get their content when they are opened.
document.addEventListener(
  'toggle',
  async ({ target }) => {
    if (!target.open) return;
    if (target.matches('details.x')) {
      await fill(target);
      if (target.dataset.followed === undefined) target.scrollIntoView({ block: 'nearest' });
    }
    if (target.dataset.src) $('.filled', target).innerHTML = await (await fetch(target.dataset.src)).text();
  },
  true,
);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    const open = $('details.jar[open]');
    if (!open) return;
    open.open = false;
    $('summary', open).focus();
  }
  const tab = event.target.closest?.('[role=tab]');
  if (!tab || !/^Arrow(Left|Right)$/.test(event.key)) return;
  const tabs = $$('[role=tab]');
  const next = tabs.at((tabs.indexOf(tab) + (event.key === 'ArrowRight' ? 1 : -1)) % tabs.length);
  next.focus();
  next.click();
});

for (const tab of $$('[role=tab]')) {
  tab.addEventListener('click', () => {
    document.body.dataset.tab = tab.dataset.tab;
    for (const each of $$('[role=tab]')) {
      each.setAttribute('aria-selected', String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
    }
  });
}
$('#assets').addEventListener('change', ({ target }) =>
  $('#exchanges').parentElement.classList.toggle('with-assets', target.checked),
);
