import { formatCode } from '../class/join-code.ts';
import { askClass, NoAnswer } from '../class/learner/ask-class.ts';
import { forgetMembership, readMembership } from '../class/learner/membership.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT, UsageError } from '../shared/errors.ts';

const ANSWER_LIMIT_MS = 5000;

/** `npm run leave`: leaves the class. The class deletes what was reported, and this clone deletes what is queued. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  if (positionals.length)
    throw new UsageError(`npm run leave takes nothing, and was given ${positionals.join(' ')}.`);
  const membership = readMembership();
  if (!membership) {
    console.log('You are in no class, and nothing is sent.');
    return EXIT.ok;
  }
  // Locally first: nothing more is sent, also when the class does not answer.
  forgetMembership(membership);
  console.log(
    `You have left class ${formatCode(membership.code)}. Nothing is sent any more. Your answers and your progress are untouched.`,
  );
  try {
    const answer = await askClass(membership, '/leave', {}, AbortSignal.timeout(ANSWER_LIMIT_MS));
    if (answer.ok) console.log('The class has forgotten your nickname and your verdicts.');
    else if (answer.code === 'unknown') console.log('The class knew nothing of you any more.');
    else throw new NoAnswer(answer.message);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    console.log(
      `The class could not be told (${error.message}): what it has of you is its instructor's to take out.`,
    );
  }
  return EXIT.ok;
}
