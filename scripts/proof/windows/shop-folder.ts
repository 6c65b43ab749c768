import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { copySync, removeSync, tidySync } from '../../setup/files.mjs';
import { npmCommand } from '../../setup/packages.mjs';
import { EnvironmentError } from '../../shared/errors.ts';
import { copyWorkshop } from '../bench-grader/workspace.ts';
import { type Ended, Hosted } from './hosted.ts';
import type { Windows } from './windows.ts';

/** Like many people's folders: with a space, and a letter beyond ASCII. */
const NAME = 'My Shop Jürgen';
/** Variables of the tester that the workshop must not inherit. NODE_EXTRA_CA_CERTS stays, for npm behind a proxy. */
const NOT_PASSED =
  /^(?:MONGODB_|SESSION_SECRET|REDIS_URL|PORT$|HOST$|CLASS_|WORKSHOP_|VITEST|NODE_(?!EXTRA_CA_CERTS)|npm_|CI$)/;

/** The workshop as on a learner's Windows, with packages for Windows. */
export class ShopFolder {
  readonly root: string;
  readonly #windows: Windows;
  readonly #home: string;
  readonly #running: Hosted[] = [];
  #started = 0;

  constructor(windows: Windows) {
    this.#windows = windows;
    this.#home = mkdtempSync(join(realpathSync(tmpdir()), 'workshop-windows-'));
    this.root = join(this.#home, NAME);
    copyWorkshop(this.root);
  }

  /** Installs a learner's packages. @throws {EnvironmentError} */
  async install(): Promise<void> {
    const flags = ['--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    const { file, args, env, shell } = npmCommand(['ci', ...flags, ...this.#windows.npmFlags]);
    await promisify(execFile)(file, args, { cwd: this.root, env, shell }).catch((error: Error) => {
      throw new EnvironmentError(`The packages could not be installed: ${error.message}`);
    });
  }

  /** Starts a command as npm does: `npm run check 3` is 'check', '3'. */
  start(words: readonly string[], env: NodeJS.ProcessEnv = {}): Hosted {
    const program = [this.#windows.node, 'scripts/launch.mjs', ...words];
    return this.#host(program, { ...environment(), ...env });
  }

  /** Runs a command to its end. */
  run(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return this.start(words, env).ended();
  }

  /** Holds a file open, as a virus scanner does. @returns a function that closes it */
  async hold(name: string): Promise<() => Promise<void>> {
    const [held, stop] = ['held', 'let-go'].map((each) => join(this.#home, `${each}-${this.#started}`)) as [
      string,
      string,
    ];
    const paths = [this.path(name), held, stop].map((path) => this.#windows.path(path));
    const holder = this.#host([this.#windows.path(this.#windows.tool('hold')), ...paths], process.env);
    await holder.until('holds the file', () => existsSync(held) || undefined);
    return async () => {
      writeFileSync(stop, '');
      await holder.ended();
    };
  }

  path(name: string): string {
    return join(this.root, name);
  }

  /** The Windows path of a file. */
  windowsPath(name: string): string {
    return this.#windows.path(this.path(name));
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  write(name: string, content: string | Buffer): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  copy(from: string, to: string): void {
    copySync(this.path(from), this.path(to));
  }

  removeFile(name: string): void {
    if (existsSync(this.path(name))) removeSync(this.path(name));
  }

  /** Ends what still runs. */
  endAll(): void {
    for (const each of this.#running.splice(0)) each.release();
  }

  /** Ends what still runs, and removes the folder. */
  remove(): void {
    this.endAll();
    tidySync(this.#home);
  }

  #host(program: readonly string[], env: NodeJS.ProcessEnv): Hosted {
    this.#started += 1;
    const log = join(this.#home, `log-${this.#started}`);
    const hosted = new Hosted(this.#windows, log, program, this.root, env);
    this.#running.push(hosted);
    return hosted;
  }
}

/** The environment of a learner's command under npm run. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !NOT_PASSED.test(name));
  return {
    ...Object.fromEntries(own),
    NO_COLOR: '1',
    WORKSHOP_MONGO: 'embedded',
    MONGOMS_RUNTIME_DOWNLOAD: 'false',
  };
}
