import { join } from 'node:path';
import { findChromium, isBrowser, noBrowserInWords } from '../proof/browser/find-chromium.ts';
import { runVitest } from '../proof/vitest.ts';
import { readArguments } from '../shared/arguments.ts';
import { EnvironmentError, EXIT } from '../shared/errors.ts';

/** `npm run test:browser [file…]`: the product in a real browser. A word narrows it to the files with it in the name. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const { platform, env } = process;
  const found = findChromium({ platform, env, isBrowser });
  if (!found || !('path' in found)) throw new EnvironmentError(noBrowserInWords(found));

  const flags = ['--dir', join('checks', 'browser'), ...positionals];
  const { passed, failed } = await runVitest(flags, { WORKSHOP_BROWSER: found.path });
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed ? EXIT.notYet : EXIT.ok;
}
