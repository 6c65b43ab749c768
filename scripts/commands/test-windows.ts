import { join } from 'node:path';
import { untilAskedToStop } from '../processes/asked-to-stop.ts';
import { findWindows } from '../proof/windows/find-windows.ts';
import { everything } from '../proof/windows/list.ts';
import { lookAtAll } from '../proof/windows/report.ts';
import { ShopFolder } from '../proof/windows/shop-folder.ts';
import { USUAL_NODE } from '../proof/windows/wine.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT, UsageError } from '../shared/errors.ts';
import { stateDir } from '../shared/state-dir.ts';

/**
 * `npm run test:windows [words] [--node version]`: runs the workshop on Windows, or on Linux under Wine: every command, each
 * lesson's solution, Ctrl+C, and what only Windows does to files. Words select the items with one of them in their name.
 */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { node: { type: 'string' } });
  const all = everything();
  const wanted = positionals.length
    ? all.filter(({ name }) => positionals.some((word) => name.includes(word)))
    : all;
  if (wanted.length === 0) {
    throw new UsageError(
      `No item has ${positionals.join(' or ')} in its name. They are:\n${all.map(({ name }) => `  ${name}`).join('\n')}`,
    );
  }
  const began = performance.now();
  const version = typeof values.node === 'string' ? values.node : USUAL_NODE;
  const windows = await findWindows(join(stateDir(), 'windows'), version, console.error);
  const shop = new ShopFolder(windows);
  try {
    await shop.install();
    console.log(`${windows.about}, in ${shop.root}`);
    const stop = new AbortController();
    void untilAskedToStop().then(() => {
      stop.abort();
      shop.endAll();
    });
    const { passed, failed } = await lookAtAll(wanted, shop, console.log, stop.signal);
    console.log(
      `\n${passed} passed, ${failed} failed   in ${Math.round((performance.now() - began) / 1000)} s`,
    );
    return failed === 0 && !stop.signal.aborted ? EXIT.ok : EXIT.notYet;
  } finally {
    shop.endAll();
    await windows.close();
    shop.remove();
  }
}
