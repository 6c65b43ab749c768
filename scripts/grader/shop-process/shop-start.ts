// Starts a shop process. It is compiled, see compiled-start.ts, to start.mjs beside packages.cjs, the packages that every
// lesson imports, and redis.cjs. The packages are loaded before learner code runs, redis when it is imported.
import { join } from 'node:path';
import { preload, provideLater } from './provide.ts';
import { watched } from './session-watch.ts';

preload(join(import.meta.dirname, 'packages.cjs'), { 'express-session': watched });
provideLater(join(import.meta.dirname, 'redis.cjs'), 'redis');
await import('./shop-host.ts');
