import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fetchPackages } from '../shared/fetched-packages.ts';
import { ROOT } from '../shared/paths.ts';

const LAB_PACKAGES = {
  folder: 'lab-packages',
  pinned: join(import.meta.dirname, 'packages'),
  about: [
    'Fetching what the labs need from npm: autocannon sends the requests, Chart.js draws. 11 MB, once, into',
    '.workshop/lab-packages. Ctrl+C stops it.',
  ],
  named: 'What the labs need',
  otherwise: 'The lessons need none of it.',
};

/** A development install has these packages already. */
const PLACES = [ROOT, join(ROOT, '.workshop', LAB_PACKAGES.folder)].map((folder) =>
  createRequire(join(folder, 'package.json')),
);

/**
 * Fetches the packages that only labs need, unless they are there.
 * @returns false when a signal stopped npm
 * @throws {EnvironmentError} when npm cannot fetch them
 */
export async function fetchLabPackages(say: (line: string) => void): Promise<boolean> {
  if (resolved('autocannon') && resolved('chart.js')) return true;
  return (await fetchPackages(LAB_PACKAGES, say)) !== undefined;
}

/** The entry file of a package that only labs need. @throws {Error} when it was not fetched */
export function labPackage(name: 'autocannon' | 'chart.js'): string {
  const path = resolved(name);
  if (!path) throw new Error(`${name} is not there: fetchLabPackages() comes first`);
  return path;
}

function resolved(name: string): string | undefined {
  for (const place of PLACES) {
    try {
      return place.resolve(name);
    } catch {
      // looked for in the next place
    }
  }
  return undefined;
}
