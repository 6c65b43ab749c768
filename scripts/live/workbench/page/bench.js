// The page of the workbench: handles the server's events and the reader's actions.
import { $, $$, redraw } from './redraw.js';
import { choose, fill, moveClock, showExchange } from './xray.js';

const base = document.body.dataset.base;

const frameOf = (id) => $(`#shopper-${id} iframe`);
const go = (id, path) => {
  const frame = frameOf(id);
  if (frame) frame.src = `${frame.dataset.entry}?to=${encodeURIComponent(path)}&at=${Date.now()}`;
};
const reload = (id) => go(id, $(`#at-${id}`)?.value || '/');

function showShoppers(names) {
  for (const card of $$('.shopper')) {
    const isHere = names.includes(card.dataset.shopper);
    const comes = isHere && card.hidden;
    card.hidden = !isHere;
    if (comes) card.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (isHere && !frameOf(card.dataset.shopper).src) reload(card.dataset.shopper);
  }
  $('#add').hidden = names.length === $$('.shopper').length;
}

/** The time of the verdict that was last said, or that came with the page. */
let graded = $('#steps').dataset.graded;
/** Says a new verdict. */
function sayNews() {
  const steps = $('#steps').dataset;
  if (steps.graded && steps.graded !== graded) say(steps.news);
  graded = steps.graded;
}

function say(words) {
  const said = $('#said');
  // Screen readers read the same words again only after they were removed.
  said.textContent = '';
  requestAnimationFrame(() => {
    said.textContent = words;
  });
  said.classList.add('shown');
  clearTimeout(say.timer);
  say.timer = setTimeout(() => said.classList.remove('shown'), 6000);
}

let events;
/**
 * What the server tells. The browser connects anew by itself, and gets everything then. A page that nobody sees does not listen: a
 * browser has six connections to an address, and each page that listens takes one.
 */
function listen() {
  if (document.hidden) events?.close();
  if (document.hidden || (events && events.readyState !== EventSource.CLOSED)) return;
  events = new EventSource(`${base}events`);
  const on = (name, act) => events.addEventListener(name, ({ data }) => act(JSON.parse(data)));
  on('region', ({ id, html }) => {
    redraw(id, html, () => {
      if (id === 'steps') sayNews();
      if (id === 'exchanges') for (const each of $$('details.x[open]')) void fill(each);
    });
  });
  on('exchange', showExchange);
  on('shoppers', showShoppers);
  on('reload', (names) => {
    for (const name of names) reload(name);
  });
  on('say', ({ words }) => say(words));
  on('clock', ({ ahead }) => moveClock(ahead));
  on('lesson', ({ opened }) => {
    if (String(opened) !== document.body.dataset.opened) location.reload();
  });
  events.addEventListener('error', () => document.body.classList.add('lost'));
  events.addEventListener('open', () => document.body.classList.remove('lost'));
}

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

$('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  $('#tab-lesson').click();
  $('#text').focus();
});

document.addEventListener('click', async ({ target }) => {
  const part = target.closest('.part');
  if (part) choose(part.closest('details.x'), part.classList.contains('chosen') ? '' : part.dataset.part);
  const again = target.closest('[data-reload]');
  if (again) reload(again.dataset.reload);
  const copied = target.closest('[data-copy]');
  if (copied) {
    // Only a page from this machine, or by https, may copy.
    const isCopied = await navigator.clipboard?.writeText(copied.dataset.copy).then(
      () => true,
      () => false,
    );
    say(
      isCopied
        ? `${copied.dataset.copy} is copied.`
        : `This browser copies nothing here. The place is ${copied.dataset.copy}`,
    );
  }
  for (const details of $$('details.jar[open]')) if (!details.contains(target)) details.open = false;
});

// Opened lines and the solution load their content when they are opened.
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
document.addEventListener('focusin', ({ target }) => {
  for (const details of $$('details.jar[open]')) if (!details.contains(target)) details.open = false;
});
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

// In a narrow window the parts are tabs.
const narrow = matchMedia('(max-width: 1023.98px)');
function nameParts() {
  for (const tab of $$('[role=tab]')) {
    const part = document.getElementById(tab.getAttribute('aria-controls'));
    for (const [name, value] of [
      ['role', 'tabpanel'],
      ['aria-labelledby', tab.id],
    ]) {
      if (narrow.matches) part.setAttribute(name, value);
      else part.removeAttribute(name);
    }
  }
}
narrow.addEventListener('change', nameParts);
nameParts();

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

// A page that loads again, as when a lesson opens again, scrolls to where its reader was.
const text = $('#text');
text.scrollTop = Number(sessionStorage.getItem(document.title));
addEventListener('pagehide', () => sessionStorage.setItem(document.title, text.scrollTop));

// The shoppers' frames wait for the first paint of the page. A page in the background is not painted.
document.addEventListener('visibilitychange', listen);
requestAnimationFrame(() => setTimeout(listen));
