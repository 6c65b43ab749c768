import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import chalk from 'chalk';
import { renderDiff } from '../course/diff.ts';
import { editedFiles } from '../course/lessons.ts';
import { prepareWork } from '../course/prepare.ts';
import { whichLesson } from '../course/which-lesson.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';

/** `npm run solution [n]`: the diff from the learner's answer to ours, and why ours is so. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const lesson = whichLesson(positionals, 'solution');
  prepareWork([lesson]);
  for (const name of editedFiles(lesson)) {
    const yours = read(join(lesson.workDir, name));
    const ours = read(join(lesson.solutionDir, name));
    console.log(
      chalk.bold(`\n  work/${lesson.folder}/${name}`),
      chalk.dim(`-> solutions/${lesson.folder}/${name}\n`),
    );
    console.log(yours === ours ? chalk.dim('    the same, line for line') : renderDiff(yours, ours));
  }
  const { renderMarkdown } = await import('../course/markdown.ts');
  console.log(`\n${renderMarkdown(read(join(lesson.solutionDir, 'NOTES.md')), process.stdout.columns)}\n`);
  return EXIT.ok;
}

/** The file's text with the line ends of any system; empty when it is gone. */
function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : '';
}
