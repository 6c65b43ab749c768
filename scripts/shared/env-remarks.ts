import { readdirSync } from 'node:fs';
import type { EnvFile } from './env-file.ts';

/** Something in `.env`, or beside it, that does not have the intended effect. */
export interface EnvRemark {
  readonly kind: 'encoding' | 'name' | 'place';
  /** What was seen, in half a sentence. Never a value. */
  readonly words: string;
  readonly fix: string;
}

/** Usual names of the variable that the shop reads as MONGODB_URI. */
const OTHER_NAMES =
  /^(?:MONGO_?(?:DB)?_?(?:URI|URL|CONNECTION(?:_STRING|_URI|_URL)?|CONN)|ATLAS_(?:URI|URL))$/i;
/** Names that other databases use as often. */
const ANY_DATABASE = /^(?:DB|DATABASE)_?(?:URI|URL)$/i;
/** A line that sets MONGODB_URI in the syntax of a shell. */
const OTHER_FORM = /^\s*["'“]?(\$env:|set\s+|setx\s+)?MONGODB_URI["'”]?\s*(:(?!=)|=|\s+mongodb)/im;
/** Files that were probably meant to be `.env`. */
const OTHER_FILES = /^(?:\.?env\.txt|env|\.env\.(?:local|development|production|dev|prod)|\.env[ .]+)$/i;

/**
 * What in `.env` is ignored, or read only by this workshop.
 * @param file undefined when there is no `.env`
 * @param env the process's own variables: what is set there is not reported as missing
 */
export function envRemarks(file: EnvFile | undefined, root: string, env: NodeJS.ProcessEnv): EnvRemark[] {
  const encoding = file && file.encoding !== 'UTF-8' ? [inOtherEncoding(file)] : [];
  const isThere = (name: string) => Boolean(env[name] || file?.values[name]);
  if (isThere('MONGODB_URI') || isThere('MONGODB_HOST')) return encoding;
  return [...encoding, ...(otherName(file) ?? otherForm(file) ?? (file ? [] : otherFile(root)))];
}

const inOtherEncoding = ({ encoding }: EnvFile): EnvRemark => ({
  kind: 'encoding',
  words: `.env is written in ${encoding}; the workshop reads it, and most other programs do not`,
  fix: 'Save it as UTF-8 without a byte order mark: in the editor, or in PowerShell by Set-Content -Encoding ascii.',
});

function otherName(file: EnvFile | undefined): EnvRemark[] | undefined {
  const found = Object.entries(file?.values ?? {}).find(
    ([each, value]) =>
      OTHER_NAMES.test(each) || (ANY_DATABASE.test(each) && /^mongodb[+:]/.test(value ?? '')),
  );
  const name = found?.[0];
  if (name === undefined) return undefined;
  return [
    { kind: 'name', words: `.env sets ${name}, and the shop reads MONGODB_URI`, fix: `Rename ${name}.` },
  ];
}

function otherForm(file: EnvFile | undefined): EnvRemark[] | undefined {
  const [, before, sign = ''] = OTHER_FORM.exec(file?.text ?? '') ?? [];
  if (before === undefined && !sign.startsWith(':')) return undefined;
  const words = before
    ? 'a line of .env sets MONGODB_URI as a shell does'
    : '.env has MONGODB_URI with a colon';
  return [{ kind: 'name', words, fix: "Write MONGODB_URI='…', the name first and = after it." }];
}

function otherFile(root: string): EnvRemark[] {
  const name = readdirSync(root).find((each) => OTHER_FILES.test(each));
  if (name === undefined) return [];
  const hidden = /\.txt$/i.test(name)
    ? ' Windows hides the ending .txt until its Explorer shows file name extensions.'
    : '';
  return [
    {
      kind: 'place',
      words: `there is no .env; there is ${JSON.stringify(name)}, which is not read`,
      fix: `Rename it to .env.${hidden}`,
    },
  ];
}
