import { describe, expect, it } from 'vitest';
import { bareCopy, workshopCopy } from '../course/fixtures/command-support.ts';
import { findLessons } from '../course/lessons.ts';

const RANGE = `Lessons are 1 to ${findLessons().length}.`;

describe('a command used wrongly ends with 2 and one sentence, and prints nothing else', () => {
  it.each([
    ['check 99', `No lesson 99. ${RANGE}`],
    ['lesson x', `"x" is not the number of a lesson. ${RANGE}`],
    ['hint 3.5', `"3.5" is not the number of a lesson. ${RANGE}`],
    ['reset 0', `No lesson 0. ${RANGE}`],
    ['check 3 --answer nowhere', 'There is no answer folder nowhere'],
    ['check 3 --answer package.json', 'package.json'],
    ['check --answer lessons', '--answer needs the number of its one lesson'],
    ['check 1 2 --answer lessons', '--answer needs the number of its one lesson'],
    ['check --jsn', "Unknown option '--jsn'. This command knows --json, --solutions, --answer."],
    ['list --all', "Unknown option '--all'. This command takes no flags."],
    ['solution 1 2', 'npm run solution takes one lesson, and was given 1 2.'],
    ['chekc', 'There is no command "chekc".'],
  ])('%s', async (line, words) => {
    const { code, out, err } = await workshopCopy().run(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('the machine, not the answer, ends with 3', () => {
  it('an engine that nobody knows', async () => {
    const { code, out, err } = await workshopCopy().run('check 1', { WORKSHOP_MONGO: 'nonsense' });
    expect({ code, out, err }).toEqual({
      code: 3,
      out: '',
      err: "WORKSHOP_MONGO is 'nonsense'. It can be auto, mongod or embedded.\n",
    });
  });

  it.each(['check 1', 'lesson 1', 'hint 1', 'reset 1'])('.workshop is a file: %s', async (line) => {
    const shop = workshopCopy();
    shop.write('.workshop', 'a file of mine');
    const { code, err } = await shop.run(line);
    expect(code).toBe(3);
    expect(err).toMatch(/^\.workshop[\w/-]* cannot be written \(E\w+\)\..* move it away/);
    expect(err).not.toContain('The workshop itself failed');
    expect(shop.read('.workshop')).toBe('a file of mine');
  });

  it('packages that cannot be fetched', async () => {
    const shop = bareCopy();
    const offline = { npm_config_offline: 'true', npm_config_cache: shop.path('empty-cache') };
    const { code, out, err } = await shop.run('check 1', offline);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^Installing the packages/);
    expect(err).toMatch(/npm could not install the packages[\s\S]+npm ping[\s\S]+run the same command again/);
  });
});
