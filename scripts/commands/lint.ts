import { runProgram } from '../proof/vitest.ts';
import { EXIT } from '../shared/errors.ts';

/** `npm run lint`: what Biome finds: format, imports, circles, likely mistakes. */
export async function main(): Promise<number> {
  const code = await runProgram('@biomejs/biome/bin/biome', ['check', '.']);
  return code === 0 ? EXIT.ok : EXIT.notYet;
}
