import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHints } from '../../course/hints.ts';
import { editedFiles, findLessons, type Lesson } from '../../course/lessons.ts';
import type { RecordedAnswer } from '../../grader/check/recorded.ts';
import { loadCheck } from '../../grader/grade.ts';
import { importSource } from '../../shared/import-source.ts';
import { ROOT, shown } from '../../shared/paths.ts';
import type { Problem } from './problem.ts';

const README_LINES = { least: 30, most: 110 };
/** The widest proof line, in columns: 80 less the indentation. */
const PROOF_COLUMNS = 72;
const LEAST_WRONG = 8;
const LEAST_RIGHT = 5;
const RUNGS = 3;

/** Everything the lessons' folders lack. Runs no lesson. @param lessons the lessons to examine; default: all */
export async function structureProblems(
  root = ROOT,
  lessons: readonly Lesson[] = findLessons(root),
): Promise<Problem[]> {
  const all = findLessons(root);
  const gaps = all
    .filter((lesson, i) => lesson.number !== i + 1)
    .map((lesson) => ({
      where: `lessons/${lesson.folder}`,
      what:
        all.filter(({ number }) => number === lesson.number).length > 1
          ? `The number ${lesson.number} is given twice.`
          : `Lessons are numbered 01, 02, 03 … without gaps; there is no lesson before ${lesson.number}.`,
    }));
  const each = await Promise.all(lessons.map((lesson) => lessonProblems(lesson, root)));
  return [...gaps.slice(0, 1), ...each.flat()];
}

async function lessonProblems(lesson: Lesson, root: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  const report = (path: string, what: string) => problems.push({ where: shown(path, root), what });
  const needs = (path: string, what: string) => {
    if (!existsSync(path)) report(path, `Missing: ${what}`);
    return existsSync(path);
  };

  const readme = join(lesson.dir, 'README.md');
  if (needs(readme, "the lesson's text. Its H1 is the title.")) {
    const text = readFileSync(readme, 'utf8');
    if (!/^# \S/m.test(text)) report(readme, 'No H1: the first heading, `# …`, is the title of the lesson.');
    if (lesson.minutes === undefined)
      report(readme, 'No time: under the H1 goes `_About 20 minutes. To prove: what a pass has shown._`.');
    if (lesson.proves && lesson.proves.length > PROOF_COLUMNS)
      report(
        readme,
        `What a pass has shown takes ${lesson.proves.length} columns. npm run list has ${PROOF_COLUMNS}.`,
      );
    if (lesson.why === undefined)
      report(
        readme,
        'No why: a section `## Why …` begins with a sentence on why that matters. A pass shows it.',
      );
    const lines = text.trimEnd().split('\n').length;
    if (lines < README_LINES.least || lines > README_LINES.most) {
      report(
        readme,
        `${lines} lines. A lesson has ${README_LINES.least} to ${README_LINES.most}: one idea, read in one sitting.`,
      );
    }
  }
  needs(join(lesson.dir, 'app.ts'), 'the starter, a complete app that exports createApp(config).');
  needs(join(lesson.solutionDir, 'NOTES.md'), 'why the solution is as it is, and the other right ways.');
  if (editedFiles(lesson).length === 0) {
    report(lesson.solutionDir, 'No solution: it holds the files that the learner edits, finished.');
  }
  if (needs(lesson.checkFile, 'the graded steps, export default defineCheck(…).')) {
    const ids = (await loadCheck(lesson))?.steps.map((step) => step.id);
    if (!ids) report(lesson.checkFile, 'It exports no check: export default defineCheck(…).');
    ids?.forEach((id, i) => {
      if (id !== `${lesson.number}.${i + 1}`)
        report(lesson.checkFile, `Step ${id} stands where ${lesson.number}.${i + 1} should.`);
    });
    if (ids) problems.push(...hintProblems(lesson, ids, root));
  }
  if (needs(lesson.answersFile, 'the recorded answers, wrong and right.')) {
    const answers = await loadAnswers(lesson);
    if (!answers) {
      report(lesson.answersFile, 'It exports no answers: export default [wrong(…), right(…)].');
      return problems;
    }
    const wrong = answers.filter((answer) => answer.fails).length;
    const right = answers.length - wrong;
    if (wrong < LEAST_WRONG || right < LEAST_RIGHT) {
      report(
        lesson.answersFile,
        `${wrong} wrong and ${right} right answers. At least ${LEAST_WRONG} wrong and ${LEAST_RIGHT} differently right ones prove the check.`,
      );
    }
  }
  return problems;
}

function hintProblems(lesson: Lesson, ids: readonly string[], root: string): Problem[] {
  const file = join(lesson.dir, 'hints.md');
  const where = shown(file, root);
  if (!existsSync(file))
    return [{ where, what: 'Missing: a section `## N.N …` for each step, with three hints.' }];
  const hints = readHints(file);
  const unhinted = ids
    .filter((id) => hints.get(id)?.length !== RUNGS)
    .map((id) => ({
      where,
      what: `Step ${id} has ${hints.get(id)?.length ?? 0} hints. It needs a numbered list of ${RUNGS}: nudge, pointer, nearly the answer.`,
    }));
  const unknown = [...hints.keys()]
    .filter((id) => !ids.includes(id))
    .map((id) => ({ where, what: `There are hints for step ${id}, which the check does not have.` }));
  return [...unhinted, ...unknown];
}

/** The lesson's recorded answers. */
export async function loadAnswers(lesson: Lesson): Promise<readonly RecordedAnswer[] | undefined> {
  const module = (await importSource(lesson.answersFile)) as {
    default?: readonly RecordedAnswer[];
  };
  return module.default;
}
