import { prepareWork } from '../course/prepare.ts';
import { whichLesson } from '../course/which-lesson.ts';
import { openLesson } from '../live/live-lesson.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';

/**
 * `npm run lesson [n]`: opens a lesson and keeps it open until the learner quits. The workbench opens in the browser, when there is a
 * terminal; `--no-open` leaves that to the learner.
 */
export async function main(args: string[]): Promise<number> {
  const { positionals, values } = readArguments(args, { 'no-open': { type: 'boolean' } });
  const lesson = whichLesson(positionals, 'lesson');
  prepareWork([lesson]);
  // npm reads --no-open before `--` as open=false.
  const stays =
    values['no-open'] || process.env.npm_config_open === '' || process.env.npm_config_open === 'false';
  await openLesson(lesson, { opens: Boolean(process.stdout.isTTY) && !stays });
  return EXIT.ok;
}
