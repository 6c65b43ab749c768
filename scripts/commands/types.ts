import { typeCheck } from '../proof/vitest.ts';
import { EXIT } from '../shared/errors.ts';

/** `npm run types`: type-checks the workshop and the answers in it. The launcher installs TypeScript first. */
export async function main(): Promise<number> {
  const { failed } = await typeCheck();
  return failed ? EXIT.notYet : EXIT.ok;
}
