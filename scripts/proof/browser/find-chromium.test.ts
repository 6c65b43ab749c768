import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { findChromium, isBrowser, noBrowserInWords, saysItIsABrowser } from './find-chromium.ts';

/** A machine on which only these paths are browsers. */
const machine = (platform: NodeJS.Platform, browsers: string[], env: Record<string, string> = {}) => ({
  platform,
  env,
  isBrowser: (path: string) => browsers.includes(path),
});

describe('findChromium', () => {
  const PATH = '/usr/local/bin:/usr/bin';

  it.each([
    ['linux', '/usr/bin/chromium', { PATH }],
    ['linux', '/usr/local/bin/google-chrome', { PATH }],
    ['linux', '/usr/bin/microsoft-edge', { PATH }],
    ['linux', '/snap/bin/chromium', {}],
    ['darwin', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', {}],
    ['darwin', '/Users/ada/Applications/Chromium.app/Contents/MacOS/Chromium', { HOME: '/Users/ada' }],
    ['darwin', '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge', {}],
    [
      'win32',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      { PROGRAMFILES: 'C:\\Program Files' },
    ],
    [
      'win32',
      'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
      { PROGRAMFILES: 'C:\\Program Files', 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' },
    ],
  ] as const)('on %s finds %s', (platform, path, env) => {
    expect(findChromium(machine(platform, [path], env))).toEqual({ path });
  });

  it.each(['CHROMIUM', 'CHROME_PATH'])('prefers the one that %s names', (variable) => {
    const env = { PATH, [variable]: '/opt/mine' };
    expect(findChromium(machine('linux', ['/usr/bin/chromium', '/opt/mine'], env))).toEqual({
      path: '/opt/mine',
    });
  });

  it('does not quietly take another one when the named one is wrong', () => {
    const found = findChromium(machine('linux', ['/usr/bin/chromium'], { PATH, CHROMIUM: '/opt/typo' }));
    expect(found).toEqual({ variable: 'CHROMIUM', value: '/opt/typo' });
  });

  it.each(['/usr/bin/chromium-bsu', '/usr/bin/chromedriver', '/usr/bin/my-chromium', 'chromium'])(
    'does not take %s for one',
    (path) => {
      expect(findChromium(machine('linux', [path], { PATH: `${PATH}:.:` }))).toBeUndefined();
    },
  );

  it('finds none of another system', () => {
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(findChromium(machine('linux', [mac], { PATH }))).toBeUndefined();
    expect(findChromium(machine('win32', [mac, '/usr/bin/chromium'], { PATH }))).toBeUndefined();
  });
});

describe('isBrowser', () => {
  it('is not taken in by a folder, a missing file or another program', () => {
    expect(isBrowser(tmpdir())).toBe(false);
    expect(isBrowser('/nowhere/chromium')).toBe(false);
    if (process.platform !== 'win32') expect(isBrowser(process.execPath)).toBe(false);
  });

  it('knows a browser by what it says of itself', () => {
    expect(saysItIsABrowser('Chromium 140.0.7339.80 built on Debian GNU/Linux 12\n')).toBe(true);
    expect(saysItIsABrowser('Google Chrome 140.0.7339.80 \n')).toBe(true);
    expect(saysItIsABrowser('Microsoft Edge 140.0.3485.54 \n')).toBe(true);
    expect(saysItIsABrowser('Chromium B.S.U. 0.9.16\n')).toBe(false);
    expect(saysItIsABrowser('ChromeDriver 140.0.7339.80\n')).toBe(false);
    expect(saysItIsABrowser("Command '/usr/bin/chromium-browser' requires the chromium snap\n")).toBe(false);
    expect(saysItIsABrowser('v20.20.2\n')).toBe(false);
  });
});

describe('without a browser', () => {
  it('says how to get one on each system', () => {
    const words = noBrowserInWords(undefined);
    for (const system of ['Debian', 'Fedora', 'macOS', 'Windows', 'CHROMIUM'])
      expect(words).toContain(system);
  });

  it('names the variable and what it held', () => {
    expect(noBrowserInWords({ variable: 'CHROME_PATH', value: '/opt/typo' })).toContain(
      'CHROME_PATH is /opt/typo',
    );
  });
});
