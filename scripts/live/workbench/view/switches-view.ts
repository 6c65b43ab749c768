import type { RunningLesson } from '../../running-lesson.ts';
import { type Switch, switchesOf } from '../switches.ts';
import { type Html, html } from './html.ts';

/** The switches of a lesson, what each does, and the state that is left on. @param base the address of the page */
export function switchesView(lesson: RunningLesson, base: string): Html {
  const { needed, others } = switchesOf(lesson.lesson);
  const on = [...new Set([...needed, ...others].flatMap((each) => each.on?.(lesson) ?? []))];
  const state =
    on.length > 0 &&
    html`<p class="left-on" role="status">Left on: ${on.map((words) => html`<b class="chip bad">${words}</b> `)}</p>`;
  return html`<div id="switches"><div class="switches">${needed.map((each) => card(each, lesson, base))}
<details class="jar more" id="more-switches"><summary>More switches</summary><div class="sheet">${others.map((each) => card(each, lesson, base))}</div></details></div>
${state || html`<p class="small what">What each switch does stands here.</p>`}</div>`;
}

function card(
  { name, label, sentence, command, on, off }: Switch,
  lesson: RunningLesson,
  base: string,
): Html {
  const reason = off?.(lesson);
  const isToggle = name === 'slow' || name === 'second';
  const pressed = isToggle && html` aria-pressed="${String(on?.(lesson) !== undefined)}"`;
  const pid = [...lesson.processes.values()].find((each) => each !== undefined);
  return html`<form class="switch" method="post" action="${base}switch/${name}">
<button id="switch-${name}"${reason && html` aria-disabled="true"`}${pressed} aria-describedby="about-${name}">${label}</button>
<p class="about" id="about-${name}">${reason ?? sentence} <code>${command.replace('PID', String(pid ?? 'PID'))}</code></p></form>`;
}
