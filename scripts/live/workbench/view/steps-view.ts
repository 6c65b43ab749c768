import type { TypeMistake } from '../../../course/types/type-errors.ts';
import type { LessonVerdict, StepVerdict } from '../../../grader/verdict.ts';
import type { RunningLesson } from '../../running-lesson.ts';
import { type Html, html } from './html.ts';
import { prose } from './prose.ts';

const MARKS = { pass: '✓', fail: '✗', error: '!', skipped: '–' } as const;
const WORDS = { pass: 'passes', fail: 'fails', error: 'was not graded', skipped: 'was skipped' } as const;

/** A place in the learner's files: 'work/03-session-config/app.ts:31' */
const PLACE = /^work\/[\w./-]+$/;

/** The steps of a lesson with their last verdicts, the first failing one in full. @param base the address of the page */
export function stepsView(lesson: RunningLesson, engine: string, base: string): Html {
  const { graded, gradingSince } = lesson;
  const verdict = graded?.verdict;
  const first = verdict?.steps.find((step) => step.verdict === 'fail' || step.verdict === 'error');
  return html`<div id="steps" aria-busy="${String(gradingSince !== undefined)}" data-graded="${graded?.at.getTime()}" data-news="${verdict && news(verdict, first)}">
<p class="graded">${gradingSince && html`<span class="spinner" aria-hidden="true"></span> Grading since ${clockTime(gradingSince)} …`}${
    graded &&
    !gradingSince &&
    html`Graded at ${clockTime(graded.at)}, in ${(graded.verdict.ms / 1000).toFixed(1)} s, on ${engine}`
  }${!graded && !gradingSince && 'Not graded yet.'}</p>
${verdict && summary(verdict)}
${verdict?.verdict === 'pass' && afterPass(verdict, base, graded?.milestone)}
<ol class="steps">${verdict?.steps.map((step) => stepView(step, step === first, verdict.verdict === 'pass', base))}</ol>
${graded?.types && typesView(graded.types, base)}
${verdict && verdict.verdict !== 'pass' && help(lesson, base)}
${hintsView(lesson)}
<details class="solution" id="solution" data-src="${base}solution"><summary>${verdict?.verdict === 'pass' ? 'Compare with our solution, and read why' : 'Show our solution'}</summary><div class="filled"></div></details>
</div>`;
}

function summary({ steps, verdict }: LessonVerdict): Html {
  const passed = steps.filter((step) => step.verdict === 'pass').length;
  return html`<p class="summary ${verdict}">${passed} of ${steps.length} steps pass</p>`;
}

/** What the page, and a screen reader, says when a grading has ended. */
function news({ steps }: LessonVerdict, first: StepVerdict | undefined): string {
  const passed = steps.filter((step) => step.verdict === 'pass').length;
  const next = first && ` ${first.id} ${WORDS[first.verdict]}: ${first.name}.`;
  return `${passed} of ${steps.length} steps pass.${next ?? ''}`;
}

function stepView(step: StepVerdict, isFirst: boolean, lessonPasses: boolean, base: string): Html {
  const { id, name, verdict } = step;
  const inFull = isFirst && html`<dl class="failure">${explained(step, base)}</dl>`;
  const short =
    !isFirst && verdict === 'fail' && step.likely && html`<p class="small">${step.likely.split('\n')[0]}</p>`;
  const proved = lessonPasses && step.proved && html`<p class="small proved">${step.proved}</p>`;
  const skipped = verdict === 'skipped' && html`<p class="small">${step.reason}</p>`;
  return html`<li class="step ${verdict}"><p><span class="mark" aria-hidden="true">${MARKS[verdict]}</span> <b>${id}</b> ${name}<span class="sr"> ${WORDS[verdict]}</span></p>${inFull}${short}${proved}${skipped}</li>`;
}

function explained(step: StepVerdict, base: string): Html[] {
  if (step.verdict === 'error') {
    const whose = step.unsupported
      ? 'Get a real MongoDB once with npm run mongod, then save again.'
      : 'The workshop or this machine, not your answer. Save once more; if it stays, report it.';
    return [row('reason', step.reason), row('way out', whose)];
  }
  const { sent, got, mongo, redis, likely, look } = step;
  return [
    row('sent', sent),
    row('got', got),
    ...(mongo ? [row('Mongo', mongo)] : []),
    ...(redis ? [row('Redis', redis)] : []),
    row('likely', likely),
    row('look', look && lookLink(look, base)),
  ];
}

function row(label: string, text: string | Html | undefined): Html {
  return html`<dt>${label}</dt><dd class="${label}">${text}</dd>`;
}

/** A link that opens the learner's editor there; plain text when it names no file of theirs. */
function lookLink(look: string, base: string): Html {
  if (!PLACE.test(look.split(':')[0] ?? '')) return html`${look}`;
  return html`<form method="post" action="${base}look"><input type="hidden" name="place" value="${look}"><button class="link" title="Opens your editor">${look}</button></form> <button type="button" class="copy" data-copy="${look}">copy</button>`;
}

function typesView(types: readonly TypeMistake[], base: string): Html {
  return html`<details class="types"><summary>${types.length} type ${types.length === 1 ? 'error' : 'errors'}, not graded</summary><ul>${types.map(
    ({ place, words }) => html`<li class="small">${lookLink(place, base)} ${words}</li>`,
  )}</ul></details>`;
}

function help({ lesson }: RunningLesson, base: string): Html {
  return html`<form method="post" action="${base}hint"><button id="hint">A hint</button> <span class="small">the same as <code>npm run hint ${lesson.number}</code></span></form>`;
}

function hintsView({ hints }: RunningLesson): Html | false {
  return (
    hints.length > 0 &&
    html`<div class="hints">${hints.map(({ step, rung, of, text }) => html`<section><h3>Step ${step}, hint ${rung} of ${of}</h3>${prose(text)}</section>`)}</div>`
  );
}

function afterPass({ why }: LessonVerdict, base: string, milestone: string | undefined): Html {
  return html`<div class="done">${why && html`<p><b>Why it matters:</b> ${why}</p>`}${milestone && html`<p>With this one every lesson passes. <code>npm run list</code> shows what you have proven.</p>`}
<form method="post" action="${base}next"><button id="next" class="primary">Next lesson</button></form></div>`;
}

/** '14:02:11' */
function clockTime(date: Date): string {
  return date.toTimeString().slice(0, 8);
}
