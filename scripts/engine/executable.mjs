#!/usr/bin/env node
// The embedded engine behind mongod's command line, for programs that start a mongod binary themselves:
// MONGOMS_SYSTEM_BINARY=scripts/engine/executable.mjs (not on Windows, which starts no scripts).
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./executable.ts');
await main(process.argv.slice(2));
