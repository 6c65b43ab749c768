import { expect, it } from 'vitest';
import type { SessionFacts } from '../shop-process/session-facts.ts';
import { likelySilence } from './silence.ts';

const NOTHING: SessionFacts = { calls: [], requests: [], waitingFor: [], unreached: [] };
const heard = (events: string[]) => ({ ...NOTHING, requests: [{ port: 1, request: 'POST /cart', events }] });

it.each<[string, SessionFacts | undefined, RegExp]>([
  ['a process that tells nothing', undefined, /loops for ever/],
  ['nothing that was seen', NOTHING, /neither ends the response nor calls next/],
  ['a save, and no redirect', heard(['session', 'save']), /^save\(\) .* nothing ended the response/],
  [
    'a save that failed',
    heard(['session', 'save', 'save failed']),
    /^save\(\) of the session failed, and nothing ended the response/,
  ],
  ['a store that waits', { ...NOTHING, waitingFor: ['get'] }, /get\(\) was called, and has not called back/],
  [
    'an async method of a store',
    { ...NOTHING, waitingFor: ['set, returned a promise'] },
    /set\(\) returned a promise/,
  ],
  [
    'a store whose MongoDB is nowhere',
    { ...NOTHING, waitingFor: ['set'], unreached: ['localhost:27017'] },
    /set\(\) waits for a MongoDB at localhost:27017/,
  ],
])('no answer, and %s', (_what, facts, words) => {
  expect(likelySilence('POST /cart product=mug\nno Cookie', facts).likely).toMatch(words);
});

it('shows the route of the request', () => {
  const [route] = likelySilence('POST /cart product=mug\nno Cookie', NOTHING).look;
  expect("  app.post('/cart', (req, res) => {").toMatch(route as RegExp);
  expect("  app.post('/cart/remove', (req, res) => {").not.toMatch(route as RegExp);
});
