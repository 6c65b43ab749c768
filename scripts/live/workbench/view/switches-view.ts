import type { LessonShop } from '../../lesson-shop.ts';
import type { RunningLesson } from '../../running-lesson.ts';
import { switchesOf } from '../needed-switches.ts';
import type { Switch } from '../switches.ts';
import { type Html, html } from './html.ts';

/** The switches of a lesson, what each does, and the state that is left on. @param base the address of the page */
export function switchesView(lesson: RunningLesson, base: string): Html {
  const { needed, others } = switchesOf(lesson.lesson);
  const on = [...new Set([...needed, ...others].flatMap((each) => each.on?.(lesson.shop) ?? []))];
  const state = html`<p class="left-on">${on.length > 0 && 'Left on: '}${on.map((words) => html`<b class="chip bad">${words}</b> `)}</p>`;
  return html`<div id="switches"><div class="switches">${needed.map((each) => card(each, lesson.shop, base))}${state}
<details class="jar more" id="more-switches"><summary>More switches</summary><div class="sheet">${others.map((each) => card(each, lesson.shop, base))}</div></details></div>
<p class="small what">Point at a switch, or go to it with Tab, to read what it does.</p></div>`;
}

function card({ name, label, sentence, command, on, off }: Switch, shop: LessonShop, base: string): Html {
  const reason = off?.(shop);
  const isToggle = name === 'slow' || name === 'second';
  const pressed = isToggle && html` aria-pressed="${String(on?.(shop) !== undefined)}"`;
  const [pid = 'PID'] = shop.processes.values();
  const line = typeof command === 'string' ? command : command(shop);
  return html`<form class="switch" method="post" action="${base}switch/${name}">
<button id="switch-${name}"${reason && html` aria-disabled="true"`}${pressed} aria-describedby="about-${name}">${label}</button>
<p class="about" id="about-${name}">${reason && html`<b>${reason}</b> `}${sentence} <code>${line.replace('PID', String(pid))}</code></p></form>`;
}
