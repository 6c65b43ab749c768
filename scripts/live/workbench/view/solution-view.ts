import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editedFiles, type Lesson } from '../../../course/lessons.ts';
import { diffView } from './diff-view.ts';
import { type Html, html } from './html.ts';
import { prose } from './prose.ts';

/** The diff from the learner's answer to ours, and why ours is so. */
export function solutionView(lesson: Lesson): Html {
  const files = editedFiles(lesson).map((name) => {
    const [yours, ours] = [read(join(lesson.workDir, name)), read(join(lesson.solutionDir, name))];
    const diff =
      yours === ours ? html`<p class="nothing">The same, line for line.</p>` : diffView(yours, ours);
    return html`<h3><code>${name}</code>: from yours to ours</h3>${diff}`;
  });
  return html`<div>${files}<div class="prose">${prose(read(join(lesson.solutionDir, 'NOTES.md')))}</div></div>`;
}

/** The file's text with the line ends of any system; empty when it is gone. */
function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : '';
}
