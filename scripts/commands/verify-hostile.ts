import { findLessons, lessonNumbered } from '../course/lessons.ts';
import { HOSTILE } from '../proof/hostile.ts';
import { hostileProof } from '../proof/verify/hostile-proofs.ts';
import { findLeaks, markProcesses } from '../proof/verify/leaks.ts';
import { proofLine, prove } from '../proof/verify/prove.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';

/** `npm run verify:hostile [n…]`: every hostile answer in every lesson gets its verdict, and nothing of it remains. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const all = findLessons();
  const lessons = positionals.length ? positionals.map((n) => lessonNumbered(n, all)) : all;
  markProcesses();
  const proofs = lessons.flatMap((lesson) => HOSTILE.map((hostile) => hostileProof(lesson, hostile)));
  const { passed, failed, engine } = await prove(proofs);
  const remains = await findLeaks();
  console.log(proofLine('no process, port or copy of them remains', remains));
  const [ok, wrong] = remains ? [passed, failed + 1] : [passed + 1, failed];
  console.log(`verify:hostile: ${ok} passed, ${wrong} failed, on ${engine}`);
  return wrong ? EXIT.notYet : EXIT.ok;
}
