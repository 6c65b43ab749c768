import { must, StepFailure } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
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

/** The answer to a form while MongoDB refuses one kind of command. Fails when that ends the shop's process. */
export async function asksWhileRefused(
  stage: Stage,
  shopper: Shopper,
  { path, fields, refused }: RefusedForm,
): Promise<Exchange> {
  stage.mongo.tap.fail(refused, NO_RIGHTS);
  try {
    return await shopper.asks(path, fields);
  } catch (error) {
    const { at: _, ...details } = error instanceof StepFailure ? error.details : {};
    const isRefusal = 'error' in details && details.error?.message.includes(NO_RIGHTS.message);
    if (!isRefusal || !details.got?.includes('process ended')) throw error;
    throw new StepFailure({
      ...details,
      sent: `${details.sent}\nwhile MongoDB refused the ${refused}`,
      likely:
        'MongoDB refused the command, and the error ended the whole process: no code caught it. An async handler that awaits passes it to Express. A callback that throws does not: pass the error on with next(error).',
      decided: true,
      look: [/throw \w+/, /\b(?:save|regenerate|destroy)\(/],
    });
  } finally {
    await stage.mongo.tap.behave();
  }
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
  const told = await asksWhileRefused(stage, shopper, { path, fields, refused });
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
