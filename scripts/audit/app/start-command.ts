import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from '../../setup/packages.mjs';
import { UsageError } from '../../shared/errors.ts';
import type { AppPackage } from './package-of.ts';

/** How an app is started: a program with its arguments, in the app's folder. */
export interface StartCommand {
  /** As a person would type it. */
  readonly words: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Whether a shell runs the line. */
  readonly shell: boolean;
}

/** Scripts of package.json that start a server, most likely first. */
const SCRIPTS = ['start', 'server', 'serve', 'start:server', 'dev', 'start:dev'];
/** Files that are started when no script says how. */
const FILES = ['server.js', 'app.js', 'index.js', 'src/server.js', 'src/app.js', 'src/index.js', 'bin/www'];
/** Programs that serve a front end, not an Express app. */
const FRONT_END =
  /(?:^|\s)(?:react-scripts|react-app-rewired|vite|ng|vue-cli-service|next|nuxt|gatsby|parcel|webpack(?:-dev-server)?|live-server|http-server)(?:\s|$)/;
const IN_THE_BACKGROUND = /(?:^|\s)(?:pm2|forever start|docker(?:-compose)?)(?:\s|$)/;

/**
 * How to start the app.
 * @param given the value of --start
 * @throws {UsageError} when nothing says how, or the script starts no server
 */
export function startCommand(app: AppPackage, given?: string): StartCommand {
  if (given) return ofLine(given);
  const servers = SCRIPTS.filter((each) => app.scripts[each] && !FRONT_END.test(app.scripts[each]));
  // "node dist/index.js" may not be built yet: another script may run the sources.
  const name = servers.find((each) => isThere(app, app.scripts[each] ?? ''));
  if (name) return ofScript(app, name);
  const file = [app.main, ...FILES].find(
    (each) => each && /\.[cm]?js$|www$/.test(each) && existsSync(join(app.dir, each)),
  );
  const [missing] = servers;
  if (missing && !file) return ofScript(app, missing);
  if (file) return ofNode(file);
  const front = SCRIPTS.find((each) => app.scripts[each]);
  throw new UsageError(
    front
      ? `The script "${front}" (${app.scripts[front]}) starts a front end, not an Express app. Name the folder of the server, or the command: --start "node server.js".`
      : 'Nothing says how this app is started: no script "start", no server.js, app.js or index.js. Say it: --start "node src/main.js".',
  );
}

/** Whether the file of a plain `node file` or `nodemon file` exists. */
function isThere({ dir }: AppPackage, line: string): boolean {
  const [, file] = /^(?:node|nodemon)\s+([\w@./-]+)$/.exec(line.trim()) ?? [];
  return (
    file === undefined ||
    [file, `${file}.js`, join(file, 'index.js')].some((each) => existsSync(join(dir, each)))
  );
}

/** The file that a script runs beside other programs: a compiler would restart it during the audit, and a front end is not needed. */
function besideOthers(line: string, scripts: AppPackage['scripts']): string | undefined {
  if (!/\b(?:concurrently|npm-run-all|run-p)\b/.test(line)) return undefined;
  const whole = line.replace(/npm run ([\w:-]+)/g, (all, name: string) => scripts[name] ?? all);
  return /\b(?:node|nodemon)\s+(?:-\S+\s+)*([\w@./-]+\.[cm]?js)\b/.exec(whole)?.[1];
}

const ofNode = (file: string): StartCommand => ({
  words: `node ${file}`,
  file: process.execPath,
  args: [file],
  shell: false,
});

function ofScript({ dir, scripts }: AppPackage, name: string): StartCommand {
  const line = scripts[name] ?? '';
  if (IN_THE_BACKGROUND.test(line)) {
    const [, file = ''] = /(?:pm2|forever)\s+start\s+([\w@./-]+\.[cm]?js)(?=\s|$)/.exec(line) ?? [];
    if (file && existsSync(join(dir, file))) return ofNode(file);
    throw new UsageError(
      `The script "${name}" (${line}) starts the app in the background or in a container, where the audit cannot follow it. Say what runs there: --start "node server.js".`,
    );
  }
  const alone = besideOthers(line, scripts);
  if (alone && existsSync(join(dir, alone))) return ofNode(alone);
  const words = name === 'start' ? 'npm start' : `npm run ${name}`;
  // A plain `node file` needs no npm and no shell. nodemon would restart the app whenever the app writes a file.
  const [, file] = /^(?:node|nodemon)\s+(?:--\s+)?([\w@./-]+(?<!\.[cm]?tsx?))$/.exec(line.trim()) ?? [];
  if (file) return { words, file: process.execPath, args: [file], shell: false };
  const npm = npmCommand(['run', name, '--silent']);
  return { words, file: npm.file, args: npm.args, shell: npm.shell };
}

function ofLine(line: string): StartCommand {
  const [program, ...args] = line.trim().split(/\s+/);
  // Quotes, variables and operators need a shell.
  if (program === 'node' && !/["'$&|;<>*%`\\]/.test(line))
    return { words: line, file: process.execPath, args, shell: false };
  return { words: line, file: line, args: [], shell: true };
}
