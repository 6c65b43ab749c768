// A process that keeps a core busy, and says so when it begins. It ends with the process that started it, however that one ends.
import { watchParent } from '../watch-parent.ts';

await watchParent();
process.send?.('spins', () => {
  for (;;);
});
