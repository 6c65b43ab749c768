import { homedir, tmpdir } from 'node:os';
import type { Finding } from './finding.ts';

/** A finding without paths of the machine: people mail the doctor's output, and the path of a home contains a name. */
export function discreet(finding: Finding, root: string): Finding {
  // Longer paths first: the workshop is often inside a home.
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
