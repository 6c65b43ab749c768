import { diagnose } from '../doctor/diagnose.ts';
import { discreet } from '../doctor/discreet.ts';
import { fault } from '../doctor/finding.ts';
import { examineMachine } from '../doctor/machine.ts';
import { asJson, type Examination, inWords, isFit } from '../doctor/report.ts';
import { findSource, type Source } from '../doctor/source.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT, UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';

/**
 * `npm run doctor [uri] [--json]`: is this machine fit, and this connection string? Without a string MONGODB_URI is examined, from the
 * environment or from .env. Ends with 1 when there is something to mend.
 */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } });
  // The words themselves are not repeated: there may be a password in them.
  if (positionals.length > 1) {
    throw new UsageError(
      `npm run doctor takes one connection string, and was given ${positionals.length} words. Put single quotes around it, or MONGODB_URI into .env.`,
    );
  }
  const source = findSource(positionals[0], ROOT);
  // One after the other: a busy machine must not be taken for a server that is late.
  const machine = (await examineMachine(ROOT)).map((finding) => discreet(finding, ROOT));
  const findings = source && (await examine(source));
  const examination: Examination = {
    machine,
    ...(source && findings && { connection: { source, findings } }),
  };
  if (values.json) console.log(JSON.stringify(asJson(examination), null, 2));
  else console.log(inWords(examination, process.stdout.columns || 80));
  return isFit(examination) ? EXIT.ok : EXIT.notYet;
}

const examine = async ({ uri, cut }: Source) =>
  cut ? [fault('env-comment', 'form', 'in .env an unquoted # cuts it short')] : diagnose(uri);
