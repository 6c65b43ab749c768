import { diagnose } from '../doctor/diagnose.ts';
import { discreet } from '../doctor/discreet.ts';
import { answersAsJson, describeAnswers } from '../doctor/error-report.ts';
import { fault } from '../doctor/finding.ts';
import { lookUp } from '../doctor/look-up.ts';
import { examineMachine } from '../doctor/machine.ts';
import { asJson, asText, type Examination, isFit } from '../doctor/report.ts';
import { findSource, isConnectionString, type Source } from '../doctor/source.ts';
import { textOnStdin } from '../doctor/stdin.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT, UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';

/**
 * `npm run doctor [uri] [--write | --look] [--json]`: are this machine and this connection string right? Without a string MONGODB_URI is
 * examined, from the environment or from .env. Ends with 1 when there is something to mend.
 *
 * `npm run doctor "an error message"`, or one on stdin: what it means. Ends with 1 when it is not known.
 */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    json: { type: 'boolean' },
    write: { type: 'boolean' },
    look: { type: 'boolean' },
  });
  if (values.write && values.look)
    throw new UsageError('--write tries to write, --look does not: give one of them.');
  const [word] = positionals;
  if (word !== undefined && word !== '-' && isConnectionString(word)) {
    // Does not repeat the words: there may be a password in them.
    if (positionals.length > 1) {
      throw new UsageError(
        `npm run doctor takes one connection string, and was given ${positionals.length} words. ${QUOTING}`,
      );
    }
  } else {
    const message =
      word === undefined || word === '-' ? await textOnStdin(word === '-') : positionals.join(' ');
    if (message !== undefined) return explain(message, values.json === true);
  }

  const source = findSource(word === '-' ? undefined : word, ROOT);
  // One after the other: otherwise a busy machine could look like a slow server.
  const machine = (await examineMachine(ROOT)).map((finding) => discreet(finding, ROOT));
  const write = values.write ? true : values.look ? false : undefined;
  const findings = source && (await examine(source, write));
  const examination: Examination = {
    machine,
    ...(source && findings && { connection: { source, findings } }),
  };
  if (values.json) console.log(JSON.stringify(asJson(examination), null, 2));
  else console.log(asText(examination, process.stdout.columns || 80));
  return isFit(examination) ? EXIT.ok : EXIT.notYet;
}

/** A single quote means nothing to cmd.exe, and npm passes a & on to it, which ends the command. */
const QUOTING =
  process.platform === 'win32'
    ? 'Put double quotes around it, or, where it has a &, MONGODB_URI into .env.'
    : 'Put single quotes around it, or MONGODB_URI into .env.';

function explain(message: string, json: boolean): number {
  const matches = lookUp(message);
  if (json) console.log(JSON.stringify(answersAsJson(matches), null, 2));
  else console.log(describeAnswers(matches, process.stdout.columns || 80));
  return matches.length > 0 ? EXIT.ok : EXIT.notYet;
}

async function examine({ uri, cut }: Source, write: boolean | undefined) {
  if (cut) return [fault('env-comment', 'form', 'in .env an unquoted # cuts it short')];
  // On stderr: --json prints one document on stdout and nothing else.
  const announce = (words: string) => console.error(`\n  ${words}`);
  return diagnose(uri, { announce, ...(write === undefined ? {} : { write }) });
}
