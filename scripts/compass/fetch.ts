import { join } from 'node:path';
import { fetchPackages } from '../shared/fetched-packages.ts';
import { ROOT } from '../shared/paths.ts';

/**
 * Compass's interface for a browser, fetched when it is not there yet.
 * @returns the node_modules folder that has it; undefined when a signal stopped npm
 * @throws {EnvironmentError} when npm cannot fetch it
 */
export function fetchCompass(say: (line: string) => void, root = ROOT): Promise<string | undefined> {
  return fetchPackages(COMPASS, say, root);
}

const COMPASS = {
  folder: 'compass',
  pinned: join(import.meta.dirname, 'packages'),
  about: [
    "Fetching Compass's interface from npm: 6 MB, once, into .workshop/compass. Ctrl+C stops it.",
    'It is @mongodb-js/compass-web by MongoDB, under the SSPL: free to use; who offers it to others as a service must read',
    'the licence. It is no part of this workshop, whose own licence is MIT.',
  ],
  named: "Compass's interface",
  otherwise: 'Desktop Compass and mongosh need none of it: the connection string above is all they take.',
};
