import { runProgram } from '../proof/vitest.ts';
import { EXIT } from '../shared/errors.ts';

/** `npm run format`: fixes what Biome can fix. */
export async function main(): Promise<number> {
  const code = await runProgram('@biomejs/biome/bin/biome', ['check', '--write', '.']);
  return code === 0 ? EXIT.ok : EXIT.notYet;
}
