// Starts a shop process. It is compiled, see compiled-start.ts, to start.mjs beside packages.cjs, the packages that every
// lesson imports, and redis.cjs.
import { join } from 'node:path';
import { provide, provideLater } from './provide.ts';

provide(join(import.meta.dirname, 'packages.cjs'));
provideLater(join(import.meta.dirname, 'redis.cjs'), 'redis');
await import('./shop-host.ts');
