// A process that keeps a core busy, and says so when it begins. It ends soon after the process that started it, however that one ends.
import { isRunning } from '../../processes/is-running.ts';

/** How often it looks for that one, in milliseconds. */
const LOOKS = 1000;

const parent = process.ppid;
process.send?.('spins', () => {
  let looked = performance.now();
  for (;;) {
    if (performance.now() < looked + LOOKS) continue;
    if (!isRunning(parent)) process.exit();
    looked = performance.now();
  }
});
