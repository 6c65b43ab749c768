import { must } from '#grader/check/check.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { NO_RIGHTS } from './outage.ts';

const CAUGHT = [/\.catch\(|\bcatch\b/, /\.(?:save|regenerate)\(/, /\b(?:save|regenerate)\(/];

/** A form, the command that MongoDB refuses meanwhile, and what of the session it is for. */
interface RefusedForm {
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly refused: 'update' | 'delete';
}

/**
 * Fails when a form is answered as if all went well while MongoDB refused what the session needs. The answer must wait for that command. One
 * that sends no such command has nothing to tell: other steps ask for it.
 */
export async function mustTellRefusal(
  stage: Stage,
  shopper: Shopper,
  { path, fields, refused }: RefusedForm,
): Promise<void> {
  stage.mongo.tap.forget();
  stage.mongo.tap.fail(refused, NO_RIGHTS);
  const told = await shopper.asks(path, fields);
  await stage.mongo.tap.behave();
  const [what, method] =
    refused === 'update' ? ['stored', 'save'] : ['deleted under its old ID', 'regenerate'];
  must(told.status >= 400 || stage.mongo.tap.commands(refused).length === 0, {
    after: told,
    sent: `${told.sent}\nwhile MongoDB refused the ${refused}`,
    likely: `The session could not be ${what}, and the answer says that all went well. The error of ${method}() answers the request: do not catch what await ${method}(req) throws. In a callback, pass it on: next(error).`,
    look: CAUGHT,
    decided: true,
  });
}
