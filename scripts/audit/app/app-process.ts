import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { OwnChild } from '../../processes/own-child.ts';
import { ROOT } from '../../shared/paths.ts';
import { AppOutput } from './output.ts';
import type { StartCommand } from './start-command.ts';

const PRELOAD = join(ROOT, 'scripts', 'audit', 'inside', 'preload.cjs');

/** What a process of an app is started with. */
export interface Launch {
  readonly command: StartCommand;
  readonly dir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Settings for the preload: see inside/preload.cjs. */
  readonly settings: object;
}

/** The app's own process, and all that it starts. */
export class AppProcess {
  readonly output = new AppOutput();
  readonly #child: OwnChild;

  constructor({ command, dir, environment, settings }: Launch) {
    const { file, args, shell } = command;
    const child = spawn(file, [...args], {
      cwd: dir,
      shell,
      env: { ...machineEnvironment(), ...environment, ...preloaded(settings) },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // A group of its own, so that what the app starts is ended with it.
      detached: process.platform !== 'win32',
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => this.output.add(text));
    this.#child = new OwnChild(child);
  }

  /** Resolves with how it ended: 'ended with exit code 1'. */
  get ended(): Promise<string> {
    return this.#child.ended;
  }

  get hasEnded(): boolean {
    return this.#child.hasEnded;
  }

  /** Ends it at once, and all that it started. */
  end(): Promise<void> {
    return this.#child.end();
  }

  /** Asks it to end, as a process manager does. Windows has no such signal. */
  terminate(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.hasEnded || process.platform === 'win32') return;
    try {
      process.kill(-pid, 'SIGTERM');
    } catch {
      // The process has just ended.
    }
  }
}

/** Variables that name a real database, change how Node behaves, or belong to this npm run. */
const LEFT_OUT =
  /^(?:npm_|MONGO|REDIS|DATABASE|SESSION_|VITEST|NODE_|INIT_CWD$|PORT$|DEBUG$|FORCE_COLOR$|WORKSHOP_)/i;

function machineEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name));
  return { ...Object.fromEntries(kept), NO_COLOR: '1', BROWSER: 'none' };
}

/** Only --import takes a file URL, so --require gets the path; NODE_OPTIONS is split at spaces, unless they are in quotes. */
function preloaded(settings: object): Record<string, string> {
  const path = PRELOAD.replaceAll('\\', '/');
  return {
    NODE_OPTIONS: `--require ${path.includes(' ') ? `"${path}"` : path}`,
    WORKSHOP_AUDIT: JSON.stringify(settings),
  };
}
