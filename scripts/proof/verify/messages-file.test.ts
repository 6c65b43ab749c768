import { expect, it } from 'vitest';
import { tinyWorkshop } from '../../course/fixtures/test-support.ts';
import type { StepVerdict } from '../../grader/verdict.ts';
import { type Message, messageOf } from './messages.ts';
import { canCompare, staleMessages, writeMessages } from './messages-file.ts';
import { wrongAnswers } from './proofs.ts';

const STEP: StepVerdict = { id: '1.1', name: 'the page greets', verdict: 'fail', likely: 'No greeting.' };

/** The tiny workshop with its page, and the result of grading it again. */
async function graded() {
  const tiny = tinyWorkshop();
  const { lesson, root } = tiny;
  const [answer] = await wrongAnswers(lesson);
  const says = (likely: string) => messageOf(lesson, answer?.name ?? '', { ...STEP, likely });
  const name = `lesson 1: wrong: ${answer?.name}`;
  const told: Message[] = [];
  await writeMessages({ lessons: [lesson], proofs: [], told: [says('No greeting.')], root });
  /** The proof when the answer is graded once more. */
  const again = (likely: string) => ({ name, lesson: 1, run: async () => void told.push(says(likely)) });
  return { tiny, name, says, told, again, lessons: [lesson], root };
}

it('is content with what it has, and with what was not graded now', async () => {
  const { told, says, lessons, root } = await graded();
  expect(await staleMessages({ lessons, proofs: [], told, root })).toBeUndefined();
  told.push(says('No greeting.'));
  expect(await staleMessages({ lessons, proofs: [], told, root })).toBeUndefined();
});

it('names what is told otherwise, and how to write it anew', async () => {
  const { told, says, again, lessons, root, name } = await graded();
  told.push(says('Silence.'));
  const stale = await staleMessages({ lessons, proofs: [again('Silence.')], told, root });
  expect(stale).toContain('npm run verify -- --write');
  expect(stale).toContain(name);
});

it('asks once more when something is told otherwise', async () => {
  const { told, says, again, lessons, root } = await graded();
  told.push(says('Too late.'));
  expect(await staleMessages({ lessons, proofs: [again('No greeting.')], told, root })).toBeUndefined();
});

it('misses an answer that is none any more', async () => {
  const { tiny, told, lessons, root, name } = await graded();
  tiny.delete('checks/answers/01-hello/answers.ts');
  expect(await staleMessages({ lessons, proofs: [], told, root })).toContain(name);
});

it('is compared where it was collected, and where it is', async () => {
  const { tiny, root } = await graded();
  expect(canCompare('mongod', root)).toBe(false);
  tiny.delete('checks/MESSAGES.md');
  expect(canCompare('embedded', root)).toBe(false);
});
