import { diffLines } from 'diff';
import { type Html, html } from './html.ts';

/** How many unchanged lines are shown around a change. */
const AROUND = 3;

interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** Two texts, line by line. @param show draws a line's text; default: as text */
export function diffView(
  before: string,
  after: string,
  show: (text: string) => Html = (text) => html`${text}`,
): Html {
  const lines = linesOf(before, after);
  const near = (i: number) =>
    lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some(({ sign }) => sign !== ' ');
  const shown = lines.flatMap((line, i) => {
    if (near(i) || lines.length < 40) return [lineView(line, show)];
    return near(i - 1) || i === 0 ? [html`<span class="gap">…</span>`] : [];
  });
  return html`<pre class="diff" tabindex="0" role="group" aria-label="From before to after, line by line">${shown}</pre>`;
}

const WORDS = { '+': 'added', '-': 'removed', ' ': '' } as const;

function lineView({ sign, text }: DiffLine, show: (text: string) => Html): Html {
  const words = WORDS[sign];
  const said = words && html`<span class="sr">${words}: </span>`;
  return html`<span class="line ${words}">${said}<span aria-hidden="true">${sign} </span>${show(text)}</span>`;
}

function linesOf(before: string, after: string): DiffLine[] {
  return diffLines(before, after).flatMap(({ value, added, removed }) => {
    const sign = added ? '+' : removed ? '-' : ' ';
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ sign, text }) as const);
  });
}
