import { describe, expect, test } from 'vitest';
import { lookUp } from '../look-up.ts';
import { within } from '../within.ts';
import { CATALOGUE } from './catalogue.ts';
import { isReported, type Problem, textOf } from './problem.ts';
import { EXPRESS, MODULES } from './provoked/express.ts';
import { FETCHED, MAY_FETCH } from './provoked/fetched.ts';
import { NETWORK } from './provoked/network.ts';
import { SERVER } from './provoked/server.ts';
import { SESSION } from './provoked/session.ts';
import { STRING } from './provoked/string.ts';
import type { Provocations, Provoke } from './provoked/support.ts';
import { TYPES } from './provoked/types.ts';

// Programs and servers are started in these tests, and the machine may be busy.
const PROVOKED: Provocations = {
  ...STRING,
  ...NETWORK,
  ...SERVER,
  ...SESSION,
  ...EXPRESS,
  ...MODULES,
  ...TYPES,
};
const messages = (Object.entries(CATALOGUE) as [string, Problem][]).flatMap(([id, { says }]) =>
  says.map((message) => ({ id, text: textOf(message), reported: isReported(message) })),
);

async function isFoundFirst(text: string, provoke: Provoke): Promise<void> {
  const said = await within(100_000, Promise.resolve(provoke()));
  const ids = messages.filter((message) => message.text === text).map(({ id }) => id);
  // The message is still printed in these words, and its problem is found first.
  expect(ids.length, `no problem says ${text}`).toBeGreaterThan(0);
  if (ECHOES.includes(text)) expect(lookUp(said)).not.toEqual([]);
  else expect(ids, said.slice(0, 1500)).toContain(lookUp(said)[0]?.id);
}

test.concurrent.each(Object.entries(PROVOKED))('%s', isFoundFirst);

// On CI only on request: these packages are no dependencies.
if (MAY_FETCH)
  describe('with packages that are fetched (WORKSHOP_FETCH=1)', () => {
    test.each(Object.entries(FETCHED))('%s', isFoundFirst);
  });

/** These only say that something failed. When the cause follows in the text, the cause is found. */
const ECHOES = ['Error setting … to …', 'Error connecting to db: …'];

test('each message without a * on the page is provoked here', () => {
  const missing = messages
    .filter(({ text, reported }) => !reported && !(text in PROVOKED || text in FETCHED))
    .map(({ text }) => text);
  expect(missing).toEqual([]);
});
