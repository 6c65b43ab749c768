// Starts a shop process. It is compiled, see compiled-start.ts, to start.mjs beside packages.cjs, the packages that every
// lesson imports. They are loaded before learner code runs.
import { join } from 'node:path';
import { preload } from './provide.ts';
import { watched } from './session-watch.ts';

preload(join(import.meta.dirname, 'packages.cjs'), { 'express-session': watched });
await import('./shop-host.ts');
