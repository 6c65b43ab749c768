import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../setup/files.mjs';
import { ROOT } from '../shared/paths.ts';

/** Reduces a likely mistake to what may be sent and shown; undefined when nothing remains. */
export type RedactLikely = (likely: string) => string | undefined;

/**
 * Drops every sentence of a likely mistake that is not word for word in the workshop's checks. So no text of a learner
 * leaves the machine. The learner's side calls it before sending, the class before showing.
 * @param root the workshop's folder
 */
export function likelyRedactor(root = ROOT): RedactLikely {
  const known = ['checks', join('checks', 'support'), join('scripts', 'grader', 'check')]
    .flatMap((dir) => typeScriptIn(join(root, dir)))
    .map((file) => readFileSync(file, 'utf8').replaceAll("\\'", "'"))
    .join('\n');
  return (likely) => {
    // A sentence of one word could be found by chance, and a text could be composed of such words.
    const isOurs = (sentence: string) => sentence.includes(' ') && known.includes(sentence);
    const sentences = likely
      .trim()
      .split(/(?<=[.?!…])\s+/)
      .map((each) => (isOurs(each) ? each : '…'));
    if (sentences.every((each) => each === '…')) return undefined;
    return sentences.filter((each, at) => each !== '…' || sentences[at - 1] !== '…').join(' ');
  };
}

function typeScriptIn(dir: string): string[] {
  return namesIn(dir)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(dir, name));
}
