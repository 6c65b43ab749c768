import { readArguments } from './workshop/arguments.ts';
import { EXIT } from './workshop/errors.ts';
import { verify } from './workshop/verify/verify.ts';

/** `npm run verify`: for authors, whether every lesson is complete and every check tells right from wrong. */
export async function main(args: string[]): Promise<number> {
  readArguments(args, {});
  const { failed } = await verify();
  return failed ? EXIT.notYet : EXIT.ok;
}
