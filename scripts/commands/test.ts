import { runTests } from '../proof/run-tests.ts';

/** `npm test`: types, tests and verify, without slow tests and what was proven before on this machine. */
export const main = (args: string[]): Promise<number> => runTests(args, { all: false });
