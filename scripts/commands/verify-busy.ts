import { runTests } from '../proof/run-tests.ts';
import { startBusyLoops, stopBusyLoops } from '../proof/verify/busy-loops.ts';
import { countFlag, readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';

const OPTIONS = { times: { type: 'string' }, loops: { type: 'string' } } as const;
const TIMES = 5;
const LOOPS = 16;

/**
 * `npm run verify:busy [word…]`: runs the tests and verify again and again beside processes that keep the cores busy. None may fail.
 * `-- --times N` runs them N times, `-- --loops N` starts N processes; words select the files with one in their name.
 */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  const times = countFlag('times', values.times) ?? TIMES;
  const loops = countFlag('loops', values.loops) ?? LOOPS;
  let green = 0;
  await startBusyLoops(loops);
  try {
    for (let run = 0; run < times; run++)
      if ((await runTests(positionals, { all: false, again: true })) === EXIT.ok) green += 1;
  } finally {
    stopBusyLoops();
  }
  console.log(`verify:busy: ${green} of ${times} runs were green beside ${loops} busy processes`);
  return green === times ? EXIT.ok : EXIT.notYet;
}
