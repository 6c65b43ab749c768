// Starts a shop process. It is compiled, see compiled-start.ts, to start.mjs beside packages.cjs, the packages that every
// lesson imports, and redis.cjs.
import { provide, provideLater } from './provide.ts';

provide('packages.cjs');
provideLater('redis.cjs', 'redis');
await import('./shop-host.ts');
