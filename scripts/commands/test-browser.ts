import { join } from 'node:path';
import { findChromium, isBrowser, noBrowserInWords } from '../proof/browser/find-chromium.ts';
import { runVitest } from '../proof/vitest.ts';
import { readArguments } from '../shared/arguments.ts';
import { EnvironmentError, EXIT } from '../shared/errors.ts';

/** `npm run test:browser [file…]`: the product in a real browser. Words select the files with one in their name. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const { platform, env } = process;
  const found = findChromium({ platform, env, isBrowser });
  if (!found || !('path' in found)) throw new EnvironmentError(noBrowserInWords(found));

  // A browser takes more than one core: at most as many files at once as there are cores.
  const files = ['--dir', join('checks', 'browser'), '--exclude', '**/*.weekly.test.ts', '--maxWorkers=100%'];
  // Chromium may lose a click or a frame when it gets no time. A test that fails is tried once more, and named with its error.
  const flags = [...files, '--retry=1', ...positionals];
  const { passed, failed } = await runVitest(flags, { WORKSHOP_BROWSER: found.path });
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed ? EXIT.notYet : EXIT.ok;
}
