import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lesson } from '../../../course/lessons.ts';
import { shown } from '../../../shared/paths.ts';
import type { RunningLesson } from '../../running-lesson.ts';
import { STYLES } from '../site/files.ts';
import type { SeenExchange } from '../xray/exchange.ts';
import { Html, html } from './html.ts';
import { prose } from './prose.ts';
import { type ShownShopper, shopperCard } from './shoppers-view.ts';
import { stepsView } from './steps-view.ts';
import { switchesView } from './switches-view.ts';
import { exchangeLine } from './xray-view.ts';

/** What the page shows. */
export interface PageState {
  readonly lesson: RunningLesson;
  readonly lessons: readonly { readonly lesson: Lesson; readonly passed: boolean }[];
  readonly engine: string;
  readonly shoppers: readonly ShownShopper[];
  readonly exchanges: readonly SeenExchange[];
  /** The number of the opened lesson, counted by the command from 1. */
  readonly opened: number;
  /** The address of the page as a path: '/TOKEN/' */
  readonly base: string;
}

const TABS = [
  ['lesson', 'Lesson'],
  ['shop', 'Shoppers'],
  ['xray', 'X-ray'],
] as const;

/** The whole page of an open lesson. */
export function pageView(state: PageState): string {
  const { lesson, base, engine, shoppers, opened } = state;
  const { number, title } = lesson.lesson;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${number}. ${title} · The Session Shop workbench</title>
<link rel="icon" href="${base}icon.svg" type="image/svg+xml">
<style>${new Html(STYLES)}</style>
<script type="module" src="${base}bench.js"></script>
</head>
<body data-base="${base}" data-opened="${opened}" data-tab="lesson">
<a class="skip" href="#text">Skip to the lesson</a>
<header class="top">
<h1 class="sr">Lesson ${number}: ${title}, in the workbench</h1>
<p class="brand"><img src="${base}icon.svg" alt="" width="28" height="28"> The Session Shop</p>
${lessonsNav(state)}
${statusView(lesson)}
</header>
<nav class="tabs" aria-label="Parts"><div role="tablist" aria-label="Parts of the workbench">${TABS.map(
    ([id, words], i) =>
      html`<button type="button" role="tab" id="tab-${id}" aria-controls="part-${id}" aria-selected="${String(i === 0)}" data-tab="${id}" tabindex="${i === 0 ? 0 : -1}">${words}</button>`,
  )}</div></nav>
<main>
<div class="pane" id="part-lesson">
<section class="steps-pane" aria-label="Steps"><h2>Steps</h2>${stepsView(lesson, engine, base)}</section>
<article id="text" class="prose" tabindex="-1">${lessonText(lesson)}</article>
</div>
<div class="pane" id="part-shop">
<section class="switches-pane" aria-label="Switches"><h2 class="sr">Switches</h2>${switchesView(lesson, base)}</section>
<section class="shoppers" aria-label="Shoppers">${shoppers.map((each) => shopperCard(each, shoppers, base))}
<form class="add" id="add" method="post" action="${base}shopper/add"${shoppers.every(({ isHere }) => isHere) && html` hidden`}><button title="One more browser, without cookies"><span aria-hidden="true">+</span> Add a shopper</button></form></section>
</div>
<section class="pane" id="part-xray" aria-label="X-ray"><div class="xray-head"><h2>X-ray</h2>
<label><input type="checkbox" id="follow" checked> open the newest</label>
<label><input type="checkbox" id="assets"> pictures and styles too</label>
<form method="post" action="${base}clear"><button>Clear</button></form></div>
${exchangesView(state)}
</section>
</main>
<p id="said" class="toast" role="status" aria-live="polite"></p>
</body>
</html>`.text;
}

/** The list of exchanges, newest first. */
export function exchangesView({ exchanges }: Pick<PageState, 'exchanges'>): Html {
  return html`<div id="exchanges">${exchanges.map(exchangeLine)}<p class="empty">Nothing yet. Click something in a shop: each request becomes a line here.</p></div>`;
}

/** What the header says about the shop. */
export function statusView({
  shop: { address, processes, watched },
  sceneryWords,
  databaseWords,
}: RunningLesson): Html {
  const instances = [...processes].map(
    ([name, pid]) =>
      `${processes.size > 1 ? `${name} ` : ''}${pid === undefined ? 'not running' : `process ${pid}`}`,
  );
  const more = [`Mongo: ${databaseWords}`, ...sceneryWords, ...(watched.note ? [watched.note] : [])];
  return html`<div class="status" id="status"><span class="${address ? 'good' : 'bad'}">${address ? html`<a href="${address}" target="_blank" rel="noreferrer">${address.replace('http://', '')}</a>` : 'The shop is not open'}</span> <span class="small">${instances.join(' · ')}</span>
<details class="jar" id="about-shop"><summary aria-label="More about the shop and its database">about</summary><div class="sheet">${more.map((line) => html`<p class="small">${line}</p>`)}</div></details></div>`;
}

function lessonsNav({ lesson, lessons, base }: PageState): Html {
  return html`<nav aria-label="Lessons"><ol class="lessons">${lessons.map(
    ({ lesson: { number, title }, passed }) => {
      const isHere = number === lesson.lesson.number;
      const words = `Lesson ${number}: ${title}${passed ? ', passed' : ''}`;
      return html`<li><form method="post" action="${base}open/${number}"><button class="dot ${passed ? 'passed' : ''}"${isHere && html` aria-current="page"`} title="${words}" aria-label="${words}">${passed && !isHere ? '✓' : number}</button></form></li>`;
    },
  )}</ol></nav>`;
}

function lessonText({ lesson }: RunningLesson): Html {
  const file = join(lesson.dir, 'README.md');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : `# ${lesson.title}`;
  return html`${prose(text)}<p class="small">This text is <code>${shown(file)}</code>. Your files are in <code>${shown(lesson.workDir)}</code>.</p>`;
}
