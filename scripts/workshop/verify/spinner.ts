// A process that keeps a core busy. It ends with the process that started it, however that one ends.
import { watchParent } from '../watch-parent.ts';

await watchParent();
for (;;);
