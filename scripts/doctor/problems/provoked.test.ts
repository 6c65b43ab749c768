import { describe, expect, test, vi } from 'vitest';
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

// Programs and servers are started, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000 });

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
  // The message is still said, in these words, and its problem is the first one that is found.
  expect(ids.length, `no problem says ${text}`).toBeGreaterThan(0);
  if (ECHOES.includes(text)) expect(lookUp(said)).not.toEqual([]);
  else expect(ids, said.slice(0, 1500)).toContain(lookUp(said)[0]?.id);
}

test.concurrent.each(Object.entries(PROVOKED))('%s', isFoundFirst);

// Not on CI either, unless it is asked for: these packages are no dependencies.
if (MAY_FETCH)
  describe('with packages that are fetched (WORKSHOP_FETCH=1)', () => {
    test.each(Object.entries(FETCHED))('%s', isFoundFirst);
  });

/** These say that something failed; where the cause stands behind them, that is what is found. */
const ECHOES = ['Error setting … to …', 'Error connecting to db: …'];

test('each message without a * on the page is provoked here', () => {
  const missing = messages
    .filter(({ text, reported }) => !reported && !(text in PROVOKED || text in FETCHED))
    .map(({ text }) => text);
  expect(missing).toEqual([]);
});
