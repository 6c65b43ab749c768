// Starts every command: `node scripts/launch.mjs check 3`.
//
// Plain JavaScript without dependencies, because on a fresh clone there are none yet: it looks at the Node
// version, installs from the lock file when something is missing, and only then compiles the TypeScript and loads
// the command.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeTooOld } from './setup/node-version.mjs';
import { ensureInstalled } from './setup/packages.mjs';
import { noteRunning } from './setup/running.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name = '', ...args] = process.argv.slice(2);

/** Commands that prove the workshop need the development packages too; a learner's commands do not. */
const needsDevPackages = [
  'test',
  'test:all',
  'verify:busy',
  'test:browser',
  'bench',
  'bench:grader',
  'lint',
  'format',
  'mutants',
].includes(name);

const complaint = nodeTooOld(process.versions.node);
if (complaint) {
  console.error(complaint);
  process.exit(3);
}
if (!(await ensureInstalled(root, { dev: needsDevPackages }))) process.exit(3);
noteRunning(root, ['npm run', name, ...args].join(' '));

if (!existsSync(new URL(`./commands/${name.replace(':', '-')}.ts`, import.meta.url))) {
  console.error(`There is no command "${name}". package.json lists them under "scripts".`);
  process.exit(2);
}

const { compiledCommands, workshopAt } = await import('./setup/commands.mjs');
// Who reads a log does not wait for it.
const say = process.stderr.isTTY ? console.error : undefined;
const folder = await compiledCommands(root, say).catch((error) => {
  console.error(error.message);
  process.exit(3);
});
const workshop = workshopAt(root, folder);
Object.assign(globalThis, { workshop });
/** @param {string} path of a source in scripts */
const load = (path) => import(workshop.compiled(join(root, 'scripts', path)));
const { run } = await load('course/run-command.ts');
const { main } = await load(`commands/${name.replace(':', '-')}.ts`);
await run(main, args);
