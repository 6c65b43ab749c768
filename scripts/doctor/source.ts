import { type EnvFile, readEnvFile } from '../shared/env-file.ts';
import { EnvironmentError } from '../shared/errors.ts';

/** The connection string to examine, and where it came from. */
export interface Source {
  readonly uri: string;
  readonly from: 'the command line' | 'the environment' | '.env';
  /** Whether an unquoted # has cut it short, in .env. */
  readonly cut: boolean;
}

/** The command line's argument, else MONGODB_URI from the environment, else from .env. Undefined when there is none. */
export function findSource(
  argument: string | undefined,
  root: string,
  env = process.env,
): Source | undefined {
  if (argument !== undefined) return { uri: argument, from: 'the command line', cut: false };
  if (env.MONGODB_URI) return { uri: env.MONGODB_URI, from: 'the environment', cut: false };
  const file = readable(root);
  const uri = file?.values.MONGODB_URI;
  // A # after a space begins a comment.
  return file && uri
    ? { uri, from: '.env', cut: /^\s*(?:export\s+)?MONGODB_URI\s*=\s*[^'"`\s#][^\s#]*#/m.test(file.text) }
    : undefined;
}

/**
 * Whether an argument is meant as a connection string, even a damaged one: it begins like one, perhaps after a quote or the name of
 * its variable, or it is one word with a host in it. Anything else is an error text.
 */
export function isConnectionString(word: string): boolean {
  if (word.trim() === '') return true;
  if (/^[\s"'`‘’“”<]*(?:[\w$: ]{0,40}=\s*["']?)?mongo\w*(?:\+\w+)?:?\/\//i.test(word)) return true;
  return (
    !/\s/.test(word.trim()) &&
    (/^[^:/@\s]+:[^@\s]*@/.test(word) || /^[a-z+]+:\/\//i.test(word) || /\.mongodb\.net\b/.test(word))
  );
}

/** An unreadable `.env` is a finding about the machine. */
function readable(root: string): EnvFile | undefined {
  try {
    return readEnvFile(root);
  } catch (error) {
    if (error instanceof EnvironmentError) return undefined;
    throw error;
  }
}
