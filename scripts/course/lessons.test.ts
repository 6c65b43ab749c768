import { describe, expect, it } from 'vitest';
import { UsageError } from '../shared/errors.ts';
import { tinyWorkshop } from './fixtures/test-support.ts';
import { editedFiles, findLessons, lessonNumbered } from './lessons.ts';

describe('finding the lessons', () => {
  it('needs no manifest: the folder gives number and slug, the H1 the title', () => {
    const tiny = tinyWorkshop();
    expect(findLessons(tiny.root)).toEqual([
      {
        number: 1,
        slug: 'hello',
        folder: '01-hello',
        title: 'Say hello',
        minutes: 5,
        proves: 'a greeting reaches whoever asks, by name',
        why: 'Who is greeted by name comes back.',
        dir: tiny.path('lessons/01-hello'),
        workDir: tiny.path('work/01-hello'),
        solutionDir: tiny.path('solutions/01-hello'),
        checkFile: tiny.path('checks/01-hello.check.ts'),
        answersFile: tiny.path('checks/answers/01-hello/answers.ts'),
      },
    ]);
  });

  it('puts them in order, and passes over what is no lesson', () => {
    const tiny = tinyWorkshop();
    for (const name of ['10-ten', '02-two', 'draft', '3-three', '04-Four']) {
      tiny.write(`lessons/${name}/app.ts`, '');
    }
    tiny.write('lessons/05-a-file', '');
    expect(findLessons(tiny.root).map(({ folder }) => folder)).toEqual(['01-hello', '02-two', '10-ten']);
  });

  it.each(['lessons', 'solutions', 'checks/answers'])('knows one that is only in %s', (part) => {
    const tiny = tinyWorkshop();
    tiny.write(`${part}/02-bye/x.ts`, '');
    expect(findLessons(tiny.root).map(({ number, title }) => `${number} ${title}`)).toEqual([
      '1 Say hello',
      '2 bye',
    ]);
  });

  it('takes title, minutes, proof and why from a file with the line ends of Windows', () => {
    const tiny = tinyWorkshop();
    const about = '_About 25 minutes. To prove: it greets._';
    tiny.write(
      'lessons/01-hello/README.md',
      `# Say hello  \r\n\r\n${about}\r\n\r\n## Why so\r\n\r\nFor\r\n\`one\`. Or two.\r\n`,
    );
    const read = { title: 'Say hello', minutes: 25, proves: 'it greets', why: 'For one.' };
    expect(tiny.lesson).toMatchObject(read);
  });

  it('does without the minutes, and then there are none to tell', () => {
    const tiny = tinyWorkshop();
    tiny.write('lessons/01-hello/README.md', '# Say hello\n\n_About an hour._\n');
    expect(tiny.lesson).toMatchObject({ title: 'Say hello', minutes: undefined, proves: undefined });
  });

  it('finds none in an empty folder', () => {
    const tiny = tinyWorkshop();
    for (const part of ['lessons', 'solutions', 'checks']) tiny.delete(part);
    expect(findLessons(tiny.root)).toEqual([]);
  });
});

describe('a lesson by its number', () => {
  const lessons = [1, 2, 3].map((number) => ({ ...tinyLesson(), number }));

  it.each(['2', '02'])('is found: %s', (given) => {
    expect(lessonNumbered(given, lessons).number).toBe(2);
  });

  it.each([
    ['99', 'No lesson 99. Lessons are 1 to 3.'],
    ['0', 'No lesson 0. Lessons are 1 to 3.'],
    ['x', '"x" is not the number of a lesson. Lessons are 1 to 3.'],
    ['3.5', '"3.5" is not the number of a lesson. Lessons are 1 to 3.'],
    ['-1', '"-1" is not the number of a lesson. Lessons are 1 to 3.'],
    ['', '"" is not the number of a lesson. Lessons are 1 to 3.'],
    ['1e0', '"1e0" is not the number of a lesson. Lessons are 1 to 3.'],
  ])('is not there: "%s"', (given, message) => {
    expect(() => lessonNumbered(given, lessons)).toThrow(new UsageError(message));
  });
});

describe('the files of a lesson', () => {
  it('that a learner edits are those of the solution', () => {
    const tiny = tinyWorkshop();
    expect(editedFiles(tiny.lesson)).toEqual(['app.ts']);
    for (const name of ['store.ts', 'NOTES.md', '.DS_Store', 'Thumbs.db', '.app.ts.swp'])
      tiny.write(`solutions/01-hello/${name}`, '');
    expect(editedFiles(tiny.lesson)).toEqual(['app.ts', 'store.ts']);
    tiny.delete('solutions');
    expect(editedFiles(tiny.lesson)).toEqual([]);
  });
});

function tinyLesson() {
  const about = { title: 'Say hello', minutes: 5, proves: 'it greets', why: 'It matters.' };
  return {
    number: 1,
    slug: 'hello',
    folder: '01-hello',
    ...about,
    dir: '',
    workDir: '',
    solutionDir: '',
    checkFile: '',
    answersFile: '',
  };
}
