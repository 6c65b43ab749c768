import { join } from 'node:path';
import { fetchPackages, findPackage } from '../shared/fetched-packages.ts';

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

/**
 * Fetches the packages that only labs need, unless they are there.
 * @returns false when a signal stopped npm
 * @throws {EnvironmentError} when npm cannot fetch them
 */
export async function fetchLabPackages(say: (line: string) => void): Promise<boolean> {
  if (findPackage(LAB_PACKAGES, 'autocannon') && findPackage(LAB_PACKAGES, 'chart.js')) return true;
  return (await fetchPackages(LAB_PACKAGES, say)) !== undefined;
}

/** The entry file of a package that only labs need. @throws {Error} when it was not fetched */
export function labPackage(name: 'autocannon' | 'chart.js'): string {
  const path = findPackage(LAB_PACKAGES, name);
  if (!path) throw new Error(`${name} is not there: fetchLabPackages() comes first`);
  return path;
}
