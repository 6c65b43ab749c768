import { runTests } from '../proof/run-tests.ts';

/** `npm run test:all`: all that `npm test` proves, the slow tests, and every proof of verify again. */
export const main = (args: string[]): Promise<number> => runTests(args, { all: true });
