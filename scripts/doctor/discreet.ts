import { homedir, tmpdir } from 'node:os';
import type { Finding } from './finding.ts';

/** A finding without the places of its machine: people mail what the doctor says, and the path of a home has a name in it. */
export function discreet(finding: Finding, root: string): Finding {
  // The more exact ones first: the workshop often lies in a home.
  const places = [
    [root, '.'],
    [tmpdir(), '<tmp>'],
    [homedir(), '~'],
  ] as const;
  const words = places
    .filter(([path]) => path.length > 1)
    .reduce((text, [path, stand]) => text.replaceAll(path, stand), finding.words);
  return { ...finding, words };
}
