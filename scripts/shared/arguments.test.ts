import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { UsageError } from './errors.ts';

const OPTIONS = {
  json: { type: 'boolean' },
  solutions: { type: 'boolean' },
  answer: { type: 'string' },
} as const;

const read = (line: string, env: NodeJS.ProcessEnv = {}) =>
  readArguments(line.split(' ').filter(Boolean), OPTIONS, env);

describe('after --, as a command reads them', () => {
  it('words and flags, in any order', () => {
    expect(read('3 --json 5 --answer handed-in')).toEqual({
      values: { json: true, answer: 'handed-in' },
      positionals: ['3', '5'],
    });
    expect(read('--answer=handed-in 3')).toEqual({ values: { answer: 'handed-in' }, positionals: ['3'] });
  });

  it('nothing at all', () => {
    expect(read('')).toEqual({ values: {}, positionals: [] });
  });

  it.each([
    ['--jsn', "Unknown option '--jsn'. This command knows --json, --solutions, --answer."],
    ['-x', "Unknown option '-x'. This command knows"],
    ['--answer', "Option '--answer <value>' argument missing. This command knows"],
    ['--json=1', "Option '--json' does not take an argument. This command knows"],
  ])('%s is told in a sentence, with the flags there are', (line, words) => {
    expect(() => read(line)).toThrow(UsageError);
    expect(() => read(line)).toThrow(words);
  });

  it('a command without flags says so', () => {
    expect(() => readArguments(['--json'], {}, {})).toThrow(
      "Unknown option '--json'. This command takes no flags.",
    );
  });
});

describe('before --, where npm takes them and hands them over in the environment', () => {
  it('a flag', () => {
    expect(read('3', { npm_config_json: 'true' }).values).toEqual({ json: true });
  });

  it('a flag of two words, whose hyphen npm turns into an underscore', () => {
    const options = { 'with-tests': { type: 'boolean' } } as const;
    expect(readArguments([], options, { npm_config_with_tests: 'true' }).values).toEqual({
      'with-tests': true,
    });
  });

  it.each(['', 'false'])('a flag that is turned off: "%s"', (value) => {
    expect(read('3', { npm_config_json: value }).values.json).toBeFalsy();
  });

  it('a flag with its value', () => {
    expect(read('3', { npm_config_answer: 'handed-in' })).toEqual({
      values: { answer: 'handed-in' },
      positionals: ['3'],
    });
  });

  it.each(['3 handed-in', 'handed-in 3'])('a flag whose value npm left among the words: %s', (words) => {
    expect(read(words, { npm_config_answer: 'true' })).toEqual({
      values: { answer: 'handed-in' },
      positionals: ['3'],
    });
  });

  it('what stands after -- counts more', () => {
    expect(read('3 --answer mine', { npm_config_answer: 'theirs' }).values.answer).toBe('mine');
  });

  it("npm's own settings are not ours", () => {
    expect(read('3', { npm_config_loglevel: 'silent', npm_config_yes: 'true' }).values).toEqual({});
  });
});
