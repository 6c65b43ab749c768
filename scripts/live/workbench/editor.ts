import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import launch from 'launch-editor';
import guess from 'launch-editor/guess.js';
import { ROOT } from '../../shared/paths.ts';

/** These run in a terminal, and the lesson uses it. */
const IN_TERMINAL = /^(?:n?vim?|vim?|nano|emacs|hx|helix|micro|ed)(?:\.exe)?$/;
/** A place in a learner's files: 'work/03-session-config/app.ts:31' */
const PLACE = /^(work\/[\w-]+\/[\w./-]+?)(?::(\d+))?$/;

/**
 * Opens the learner's editor at a place in their files. launch-editor knows which editor runs, and how to give each a line.
 * @returns what happened, in a sentence, which names the place when the learner has to go there by hand
 */
export async function openInEditor(place: string): Promise<string> {
  const [, file = '', line] = PLACE.exec(place) ?? [];
  if (!file || file.split('/').includes('..') || !existsSync(join(ROOT, file)))
    return `There is no ${place}.`;
  const [editor] = guess();
  if (!editor)
    return `No editor is known here. The place is ${place}; EDITOR in your environment can name one.`;
  const name = basename(editor);
  if (IN_TERMINAL.test(name)) return `In a terminal of its own:   ${name} ${line ? `+${line} ` : ''}${file}`;
  return new Promise((resolve) => {
    launch(join(ROOT, file) + (line ? `:${line}` : ''), editor, () =>
      resolve(`${name} did not open. The place is ${place}.`),
    );
    // launch-editor reports only failures.
    setTimeout(() => resolve(`${name} opens ${place}.`), 500).unref();
  });
}
