import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fetchTypeScript, typeErrors } from '../course/types/type-errors.ts';
import { typeCheck } from '../proof/vitest.ts';
import { EXIT } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';

/**
 * `npm run types`: type-checks the answers in work/. TypeScript is fetched at the first use. When the authors' packages are installed, all
 * of the workshop is checked.
 */
export async function main(): Promise<number> {
  if (existsSync(join(ROOT, 'node_modules', 'typescript')))
    return (await typeCheck()).failed ? EXIT.notYet : EXIT.ok;
  if (!(await fetchTypeScript(console.log))) return EXIT.interrupted;
  const errors = await typeErrors();
  if (!errors) {
    console.error('TypeScript did not run here. The lessons are graded without it.');
    return EXIT.environment;
  }
  for (const { place, words } of errors) console.log(`${place}   ${words}`);
  console.log(
    errors.length === 0 ? 'types: every answer type-checks' : 'types: see above. They are not graded.',
  );
  return errors.length === 0 ? EXIT.ok : EXIT.notYet;
}
