import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './errors.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Reads a command's arguments. npm takes flags before `--` as its own and passes them on in the environment
 * (`npm run check 3 --json` arrives as npm_config_json=true and `3`), so they are read from there as well.
 * @throws UsageError for an unknown flag
 */
export function readArguments<T extends Options>(
  args: string[],
  options: T,
  env: NodeJS.ProcessEnv = process.env,
): { values: Record<keyof T, string | boolean | undefined>; positionals: string[] } {
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const flags = Object.keys(options).map((name) => `--${name}`);
    const known = flags.length ? `This command knows ${flags.join(', ')}.` : 'This command takes no flags.';
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. ${known}`);
  }
  const { positionals } = parsed;
  const values: Record<string, unknown> = { ...parsed.values };
  for (const [name, option] of Object.entries(options)) {
    const fromNpm = env[`npm_config_${name.replaceAll('-', '_')}`];
    if (values[name] !== undefined || !fromNpm) continue;
    if (option.type === 'boolean') values[name] = fromNpm === 'true';
    // npm does not know that the flag takes a value, and leaves the value among the positionals.
    else values[name] = fromNpm === 'true' ? takeValue(positionals) : fromNpm;
  }
  return { values: values as Record<keyof T, string | boolean | undefined>, positionals };
}

/** Removes the flag's value from the words: the last one that is not the number of a lesson. */
function takeValue(words: string[]): string | undefined {
  const at = words.findLastIndex((word) => !/^\d+$/.test(word));
  return words.splice(at === -1 ? words.length - 1 : at, 1)[0];
}

/** The folder a command was typed in: `npm run` starts it in the project's folder, and passes the other in INIT_CWD. */
export function whereTyped(command: string, { npm_lifecycle_event, INIT_CWD } = process.env): string {
  return npm_lifecycle_event === command && INIT_CWD ? INIT_CWD : process.cwd();
}

/** The whole number of a flag; undefined without the flag. @throws UsageError for any other value */
export function countFlag(flag: string, given: string | boolean | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^\d+$/.test(String(given))) return Number(given);
  throw new UsageError(`--${flag} takes a whole number, and was given "${given}".`);
}
