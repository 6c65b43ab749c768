import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

/** What the search needs to know of a machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether this path is a Chromium, Chrome or Edge that can be started. */
  readonly isBrowser: (path: string) => boolean;
}

/** A browser, or a variable whose value is no browser: that is reported. */
export type Found = { readonly path: string } | { readonly variable: string; readonly value: string };

const VARIABLES = ['CHROMIUM', 'CHROME_PATH'] as const;

/** Finds a browser of the Chromium family: first the one the environment names, then the usual places. */
export function findChromium(machine: Machine): Found | undefined {
  for (const variable of VARIABLES) {
    const value = machine.env[variable];
    if (value) return machine.isBrowser(value) ? { path: value } : { variable, value };
  }
  const path = usualPlaces(machine).find((place) => machine.isBrowser(place));
  return path === undefined ? undefined : { path };
}

function usualPlaces({ platform, env }: Machine): string[] {
  if (platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((each) => !!each);
    const programs = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ];
    return programs.flatMap((program) => folders.map((folder) => win32.join(folder as string, program)));
  }
  if (platform === 'darwin') {
    const folders = ['/Applications', ...(env.HOME ? [posix.join(env.HOME, 'Applications')] : [])];
    const programs = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
    return programs.flatMap((name) => folders.map((dir) => `${dir}/${name}.app/Contents/MacOS/${name}`));
  }
  // Whole names only: chromium-bsu is a game, and chromedriver is no browser.
  const names = [
    'chromium',
    'google-chrome',
    'google-chrome-stable',
    'chromium-browser',
    'microsoft-edge',
    'microsoft-edge-stable',
  ];
  const folders = (env.PATH ?? '').split(':').filter((dir) => posix.isAbsolute(dir));
  return [
    ...names.flatMap((name) => folders.map((dir) => posix.join(dir, name))),
    '/snap/bin/chromium',
    '/opt/google/chrome/chrome',
    '/opt/microsoft/msedge/msedge',
  ];
}

/**
 * Runs the program with --version: on some Linux systems `chromium-browser` is a script that only says how to install one.
 * On Windows a browser would open a window instead of answering, so there it is enough that the file exists.
 */
export function isBrowser(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  if (process.platform === 'win32') return path.toLowerCase().endsWith('.exe');
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return status === 0 && saysItIsABrowser(stdout);
}

/** 'Chromium 140.0.7339.80 built on Debian', 'Google Chrome 140.0…', 'Microsoft Edge beta 140.0…' */
export function saysItIsABrowser(version: string): boolean {
  return /^(?:Chromium|Google Chrome|Microsoft Edge)(?: \w+)* \d+\.\d+\.\d+\.\d+/m.test(version);
}

/** The message when no browser was found, or a variable names something else. */
export function noBrowserInWords(found: Exclude<Found, { path: string }> | undefined): string {
  const ways = [
    '  Debian, Ubuntu   sudo apt install chromium',
    '  Fedora           sudo dnf install chromium',
    '  macOS            brew install --cask google-chrome   or https://www.google.com/chrome',
    '  Windows          winget install Google.Chrome        (Edge, which comes with Windows, will do too)',
  ].join('\n');
  const lead = found
    ? `${found.variable} is ${found.value}, but that is not a Chromium, Chrome or Edge that can be started.`
    : 'The browser tests need a Chromium, Chrome or Edge, and this machine has none in the usual places.';
  return `${lead}\n\n${ways}\n\nOne in another place: set CHROMIUM to its path. Without any: npm test needs no browser.`;
}
