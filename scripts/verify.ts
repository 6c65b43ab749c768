import chalk from 'chalk';
import { readArguments } from './workshop/arguments.ts';
import { EXIT } from './workshop/errors.ts';
import { Judge } from './workshop/grade.ts';
import { keepPristine } from './workshop/pristine.ts';
import { gradingProofs } from './workshop/verify/proofs.ts';
import { proseProblems } from './workshop/verify/prose.ts';
import { structureProblems } from './workshop/verify/structure.ts';

/** `npm run verify`: is every lesson complete, and does every check tell right from wrong? */
export async function main(args: string[]): Promise<number> {
  readArguments(args, {});
  keepPristine();
  const began = performance.now();
  const problems = [...(await structureProblems()), ...proseProblems()];
  for (const { where, what } of problems) console.log(`${chalk.red('✗')} ${where}\n    ${what}`);
  if (problems.length === 0)
    console.log(`${chalk.green('✓')} every lesson is complete, its prose matches the code`);

  let passed = problems.length === 0 ? 1 : 0;
  let failed = problems.length;
  const judge = await Judge.open();
  for (const proof of await gradingProofs()) {
    const wrong = await proof.run(judge);
    console.log(
      wrong ? `${chalk.red('✗')} ${proof.name}\n    ${wrong}` : `${chalk.green('✓')} ${proof.name}`,
    );
    if (wrong) failed += 1;
    else passed += 1;
  }
  await judge.close();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`\nverify: ${passed} passed, ${failed} failed, in ${seconds} s on ${judge.engine.kind}`);
  return failed ? EXIT.notYet : EXIT.ok;
}
