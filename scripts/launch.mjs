// Starts every command: `node scripts/launch.mjs check 3`.
//
// Plain JavaScript without dependencies, because on a fresh clone there are none yet: it looks at the Node
// version, installs from the lock file when something is missing, and only then loads the TypeScript command.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodeTooOld } from './setup/node-version.mjs';
import { ensureInstalled } from './setup/packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name = '', ...args] = process.argv.slice(2);

/** Commands that prove the workshop need the development packages too; a learner's commands do not. */
const needsDevPackages = ['test', 'test:browser', 'bench:grader', 'mutants'].includes(name);

const complaint = nodeTooOld(process.versions.node);
if (complaint) {
  console.error(complaint);
  process.exit(3);
}
if (!ensureInstalled(root, { dev: needsDevPackages })) process.exit(3);

const file = new URL(`./${name.replace(':', '-')}.ts`, import.meta.url);
if (!existsSync(file)) {
  console.error(`There is no command "${name}". package.json lists them under "scripts".`);
  process.exit(2);
}

const { register } = await import('tsx/esm/api');
register();
const { run } = await import('./workshop/run.ts');
const { main } = await import(pathToFileURL(fileURLToPath(file)).href);
await run(main, args);
