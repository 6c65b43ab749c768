import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lookUp } from '../look-up.ts';
import { CATALOGUE, GROUPS } from './catalogue.ts';
import { type Message, type Problem, textOf } from './problem.ts';

const entries: [string, Problem][] = Object.entries(CATALOGUE);

test.each(entries)('%s is written down in full', (id, { says, cause, fix, lesson }) => {
  expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
  for (const words of [...says.map(textOf), cause, fix]) expect(words.trim()).toBe(words);
  expect(cause).toMatch(/\.$/);
  expect(fix).not.toBe('');
  expect(lesson ?? 1).toBeGreaterThan(0);
  expect(lesson ?? 1).toBeLessThanOrEqual(12);
});

test('each has one name, and stands on the page', () => {
  const ids = GROUPS.flatMap(([, group]) => Object.keys(group));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.sort()).toEqual(Object.keys(CATALOGUE).sort());
});

test('the page has at least 60 messages', () => {
  expect(new Set(entries.flatMap(([, { says }]) => says.map(textOf))).size).toBeGreaterThanOrEqual(60);
});

/** The message in the middle of other text, as in a paste. */
const pasted = (text: string) =>
  `[app] 12:00:01 Error: ${text.replaceAll('…', 'x1')}\n    at run (/srv/app/index.js:3:1)`;

/** A message with its own pattern is searched in its real form, by the tests that provoke it. */
const isPlain = (message: Message) =>
  typeof message === 'string' || !message.pattern || !message.text.includes('…');

test.each(
  entries.flatMap(([id, { says }]) => says.filter(isPlain).map((message) => [textOf(message), id] as const)),
)('the message %j is found under %s', (text, id) => {
  expect(lookUp(pasted(text)).map((match) => match.id)).toContain(id);
});

test('what the doctor says it says by a name of the catalogue, and none that fails without a message is left over', () => {
  const files = [
    '../commands/doctor.ts',
    ...readdirSync(join(import.meta.dirname, '..')).filter((name) => /^[\w-]+\.ts$/.test(name)),
  ];
  const sources = files.map((name) => readFileSync(join(import.meta.dirname, '..', name), 'utf8')).join('\n');
  const silent = entries.filter(([, { says, codes }]) => says.length === 0 && !codes).map(([id]) => id);
  for (const id of silent.filter((each) => !ONLY_ON_THE_PAGE.includes(each)))
    expect(sources).toContain(`'${id}'`);
});

/** The doctor cannot examine these. */
const ONLY_ON_THE_PAGE = ['two-apps', 'secret-changed'];
