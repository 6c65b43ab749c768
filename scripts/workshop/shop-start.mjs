// Starts a shop process: the packages that every lesson imports, then TypeScript, then the host. In this order and
// as plain JavaScript, because packages load in two thirds of the time before the TypeScript loader is there.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
for (const name of ['express', 'express-session', 'connect-mongodb-session', 'ejs']) require(name);

const { register } = await import('tsx/esm/api');
register();
await import('./shop-host.ts');
