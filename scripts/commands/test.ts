import { runTests } from '../proof/run-tests.ts';

/** `npm test`: types, tests and verify, without what is slow or was proven before on this machine. */
export const main = (args: string[]): Promise<number> => runTests(args, { all: false });
