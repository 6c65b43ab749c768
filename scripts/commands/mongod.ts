import { fetchMongod } from '../mongo/download.ts';
import { findMongod } from '../mongo/find-mongod.ts';
import { versionOf } from '../mongo/mongod.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT, UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';

/**
 * `npm run mongod`: downloads a mongod for the checks, unless this machine has one already. A download
 * that failed or was stopped earlier today is tried again.
 * @throws {EngineError} when none can be downloaded, or it cannot be run here
 */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  if (positionals.length)
    throw new UsageError(`npm run mongod takes nothing, and was given ${positionals.join(' ')}.`);
  const path = (await findMongod()) ?? (await fetchMongod(ROOT));
  console.log(`mongod ${await versionOf(path)} is on this machine: ${path}`);
  return EXIT.ok;
}
