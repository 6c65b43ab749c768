import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import chalk from 'chalk';
import { EngineError } from '../mongo/index.ts';
import { EnvironmentError, EXIT, UsageError } from '../shared/errors.ts';
import { inSources } from '../shared/in-sources.ts';
import { ROOT, shown } from '../shared/paths.ts';

/** A command: arguments in, exit code out. It throws UsageError or EnvironmentError with words for its user. */
export type Command = (args: string[]) => Promise<number>;

/**
 * Runs a command and ends the process with its exit code. Any error becomes a sentence; a stack trace
 * is never shown, but kept in a file for the authors.
 */
export async function run(main: Command, args: string[]): Promise<never> {
  // chalk reads FORCE_COLOR, and not NO_COLOR.
  if (process.env.NO_COLOR && !process.env.FORCE_COLOR) chalk.level = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // process.exit runs the exit handlers, which end processes and remove copies and databases. A command that
    // listens itself closes by itself.
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(EXIT.interrupted);
    });
  }
  // A reader that closes the pipe, as `| head` does, is no error: the command goes on and its exit code still counts.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  // A promise that nobody awaits can still fail; it gets a sentence like every error.
  process.on('uncaughtException', (error) => process.exit(explain(error)));
  let code: number;
  try {
    code = await main(args);
  } catch (error) {
    code = explain(error);
  }
  // Anything still open here was left behind by learner code or by us: it must not keep the command alive.
  // stdout to a pipe may still be on its way (Node flushes pipes asynchronously on some systems).
  await new Promise((done) => process.stdout.write('', done));
  process.exit(code);
}

function explain(error: unknown): number {
  if (error instanceof UsageError || error instanceof EnvironmentError) {
    console.error(error.message);
    return error.exitCode;
  }
  if (error instanceof EngineError) {
    console.error(error.message);
    return EXIT.environment;
  }
  console.error(`The workshop itself failed, not your answer: ${firstLine(error)}`);
  console.error(keepTrace(error));
  return EXIT.environment;
}

function keepTrace(error: unknown): string {
  const file = join(ROOT, '.workshop', 'last-error.log');
  const trace = error instanceof Error ? inSources(error.stack ?? error.message) : String(error);
  try {
    mkdirSync(join(ROOT, '.workshop'), { recursive: true });
    writeFileSync(file, `${new Date().toISOString()}\n${trace}\n`);
    return `Please report it, with ${shown(file)}, where the details are.`;
  } catch {
    return 'Please report it.';
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
