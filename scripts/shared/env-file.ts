import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { EnvironmentError } from './errors.ts';
import { ROOT } from './paths.ts';

/** The encoding of a text file. Windows PowerShell 5 writes UTF-16 by `>`, Notepad can add a byte order mark. */
export type Encoding = 'UTF-8' | 'UTF-8 with a byte order mark' | 'UTF-16';

/** `.env` as it is on disk. */
export interface EnvFile {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  readonly encoding: Encoding;
}

/**
 * Reads `.env`. It is the only reader of that file: the doctor examines what the shop gets.
 * @returns undefined when there is none
 * @throws {EnvironmentError} when it cannot be read, as when it is a folder
 */
export function readEnvFile(root = ROOT): EnvFile | undefined {
  const file = join(root, '.env');
  if (!existsSync(file)) return undefined;
  try {
    if (statSync(file).isDirectory()) {
      throw new EnvironmentError(
        '.env is a folder, and should be a file. Docker makes a folder of a mounted file that is missing. Remove it, and copy .env.example to .env.',
      );
    }
    const { text, encoding } = decodeText(readFileSync(file));
    return { values: valuesIn(text), text, encoding };
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new EnvironmentError(
      `.env cannot be read (${code}). Give yourself the right to read it, or remove it.`,
    );
  }
}

/** A file's bytes as text, without a byte order mark. UTF-16 is recognised without one, too: every other byte of ASCII in it is 0. */
function decodeText(bytes: Buffer): { text: string; encoding: Encoding } {
  const wide = (order: 'le' | 'be') => ({
    text: new TextDecoder(`utf-16${order}`).decode(bytes),
    encoding: 'UTF-16' as const,
  });
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return wide('le');
  if (first === 0xfe && second === 0xff) return wide('be');
  if (first !== 0 && second === 0) return wide('le');
  if (first === 0 && second !== 0 && bytes.length > 1) return wide('be');
  const marked = first === 0xef && second === 0xbb && bytes[2] === 0xbf;
  const text = new TextDecoder().decode(bytes);
  return { text, encoding: marked ? 'UTF-8 with a byte order mark' : 'UTF-8' };
}

/** Node's parser adds a line without `=` to the next line's name. The name is only what is in its own line. */
function valuesIn(text: string): Record<string, string | undefined> {
  const entries = Object.entries(parseEnv(text)).map(([name, value]) => {
    const own = name.split('\n').at(-1) ?? '';
    return [own.replace(/^\s*export\s+/, '').trim(), value] as const;
  });
  return Object.fromEntries(entries);
}
