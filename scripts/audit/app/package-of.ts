import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EnvironmentError, UsageError } from '../../shared/errors.ts';

/** The part of an app's package.json that the audit needs. */
export interface AppPackage {
  readonly dir: string;
  readonly name: string;
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly main: string | undefined;
  /** The names of its dependencies, also those for development. */
  readonly dependencies: readonly string[];
}

/**
 * Reads the app in a folder.
 * @throws {UsageError} when there is no such folder, or no package.json in it
 * @throws {EnvironmentError} when its packages are not installed
 */
export function readPackage(folder: string): AppPackage {
  if (/^[a-z][a-z+.-]*:\/\//i.test(folder)) {
    throw new UsageError(
      'npm run audit takes a folder, not a URL. It starts the app itself, so that it never talks to a system that somebody uses.',
    );
  }
  const dir = resolve(folder);
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw new UsageError(`${folder} is no folder.`);
  const file = join(dir, 'package.json');
  if (!existsSync(file)) {
    throw new UsageError(`${folder} has no package.json. Name the folder of the app's server.`);
  }
  const json = parsed(file);
  const { dependencies = {}, devDependencies = {} } = json;
  const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  mustBeInstalled(dir, Object.keys(dependencies), folder);
  return {
    dir,
    name: typeof json.name === 'string' ? json.name : '',
    version: typeof json.version === 'string' ? json.version : '',
    scripts: json.scripts ?? {},
    main: typeof json.main === 'string' ? json.main : undefined,
    dependencies: names,
  };
}

interface PackageJson {
  name?: unknown;
  version?: unknown;
  main?: unknown;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function parsed(file: string): PackageJson {
  try {
    const json = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    if (typeof json === 'object' && json !== null) return json;
  } catch (error) {
    throw new EnvironmentError(`${file} cannot be read: ${(error as Error).message}`);
  }
  throw new EnvironmentError(`${file} is no package.json: it holds no object.`);
}

/** The folder of a package that an app can load; undefined when it is not. */
export function installedAt(dir: string, name: string): string | undefined {
  for (let at = dir; ; at = dirname(at)) {
    const place = join(at, 'node_modules', name);
    if (existsSync(place)) return place;
    if (dirname(at) === at) return undefined;
  }
}

function mustBeInstalled(dir: string, dependencies: readonly string[], folder: string): void {
  const missing = dependencies.filter((name) => installedAt(dir, name) === undefined);
  if (missing.length === 0) return;
  const [first = ''] = missing;
  const what = missing.length === 1 ? `${first} is` : `${first} and ${missing.length - 1} more packages are`;
  throw new EnvironmentError(
    `${what} not installed in ${folder}. Run npm install there, then the audit again.`,
  );
}
