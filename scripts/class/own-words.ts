import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../shared/paths.ts';

/** Makes of a likely mistake what may be sent and shown; undefined when nothing of it may. */
export type OwnWords = (likely: string) => string | undefined;

/**
 * Keeps of a text the sentences that stand word for word in the workshop's own checks, and leaves out all others. So whatever a
 * learner wrote, a collection's name or an error of theirs, goes nowhere: the only words that pass are in the repository already.
 * The learner's side asks before it sends, the class before it shows.
 */
export function ownWords(root = ROOT): OwnWords {
  const known = ['checks', join('checks', 'support'), join('scripts', 'grader', 'check')]
    .flatMap((dir) => typeScriptIn(join(root, dir)))
    .map((file) => readFileSync(file, 'utf8').replaceAll("\\'", "'"))
    .join('\n');
  return (likely) => {
    // One word alone stands nearly anywhere: with enough of those, anything could be spelt.
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
  return readdirSync(dir)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(dir, name));
}
