import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeSync } from '../setup/files.mjs';
import { OLDEST_NODE } from '../setup/node-version.mjs';
import { type Lock, missingPackages } from '../setup/packages.mjs';
import { freePort } from '../shared/free-port.ts';
import { examineEngine } from './engine.ts';
import { examineEnvFile } from './env-file.ts';
import { type Finding, fault, good, note, warning } from './finding.ts';
import { inTime, LIMITS } from './limits.ts';
import { helpers, kit, programStart, system } from './surroundings.ts';

/** Examines the machine that the workshop runs on. It deletes what it writes. */
export async function examineMachine(
  root: string,
  env = process.env,
  limits: Pick<typeof LIMITS, 'start' | 'kit' | 'machine'> = LIMITS,
): Promise<Finding[]> {
  // First, because this one measures a time.
  const start = await programStart(limits.start);
  const [port, engine, around] = await Promise.all([
    inTime(limits.machine, 'port', 'port', favouritePort(FAVOURITE_PORT)),
    inTime(limits.machine, 'engine', 'engine', examineEngine(root, env)),
    helpers(env, root, process.stdout.columns, limits.machine),
  ]);
  const given = [
    node(),
    system(),
    ...kit(root, limits.kit),
    packages(root),
    ...state(root),
    ...examineEnvFile(root, env),
  ];
  return [...given, start, ...port, ...engine, clock(new Date()), ...proxies(env), ...around];
}

function node(): Finding {
  // The launcher refuses older versions, so this only reports the version.
  const { node: version } = process.versions;
  return good('node', 'Node', `${version} (${OLDEST_NODE} or later will do)`);
}

function packages(root: string): Finding {
  const wanted = readJson(join(root, 'package-lock.json'));
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  const missing = missingPackages(wanted, installed, { dev: false });
  // npm's record may still be there after a folder was deleted by hand.
  const gone = Object.keys(wanted?.packages['']?.dependencies ?? {}).filter(
    (name) => !existsSync(join(root, 'node_modules', name, 'package.json')),
  );
  const [first] = [...missing.map((path) => path.replace(/^node_modules\//, '')), ...gone];
  if (first !== undefined) {
    return fault(
      'packages',
      'packages',
      `${missing.length || gone.length} missing or of another version, such as ${first}`,
    );
  }
  return good('packages', 'packages', 'installed as package-lock.json says');
}

function readJson(file: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Lock;
  } catch {
    return undefined;
  }
}

/** In bytes: an unpacked mongod takes about 300 MB, and its data files as much again. */
const ROOM = 1e9;

function state(root: string): Finding[] {
  const folder = join(root, '.workshop');
  const trial = join(folder, `doctor-${process.pid}.tmp`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(trial, 'A file of npm run doctor; it may be deleted.\n');
    removeSync(trial);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return [fault('write-access', 'write access', `.workshop cannot be written (${code})`)];
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  return [
    good('write-access', 'write access', '.workshop can be written'),
    free < ROOM
      ? warning('disk', 'disk', 'less than 1 GB free')
      : good('disk', 'disk', `${Math.floor(free / 1e9)} GB free`),
  ];
}

/** The port that `npm run lesson` tries first. */
const FAVOURITE_PORT = 3000;

/** Whether the shop gets the port that it tries first, or another one. */
export async function favouritePort(favourite: number): Promise<Finding> {
  try {
    const port = await freePort(favourite);
    if (port === favourite) return good('port', 'port', `${port} is free`);
    return note('port', 'port', `${favourite} is taken: the shop takes another, such as ${port}`);
  } catch (error) {
    return fault('port', 'port', `none can be listened on (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The years that a correct clock can show. */
const YEARS = [2026, 2046] as const;

function clock(now: Date): Finding {
  const shown = `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const sound = now.getUTCFullYear() >= YEARS[0] && now.getUTCFullYear() <= YEARS[1];
  return sound ? good('clock', 'clock', shown) : warning('clock', 'clock', `it says ${shown}`);
}

const PROXIES = /^(?:https?_proxy|all_proxy|npm_config_(?:https[_-])?proxy)$/i;

/** Shows names and hosts only: an address may contain a password. */
function proxies(env: NodeJS.ProcessEnv): Finding[] {
  const set = Object.entries(env).filter(([name, value]) => PROXIES.test(name) && value);
  if (set.length === 0) return [good('proxy', 'proxy', 'no proxy variables set')];
  const wrong = set.find(([, value = '']) => !URL.canParse(value) || new URL(value).host === '');
  if (wrong) return [warning('proxy', 'proxy', `${wrong[0]} is no URL`)];
  const places = set.map(([name, value = '']) => `${name} (${new URL(value).host})`).join(', ');
  const effect = "npm and the download of mongod use it, MongoDB's driver does not";
  return [note('proxy', 'proxy', `${places}: ${effect}`)];
}
