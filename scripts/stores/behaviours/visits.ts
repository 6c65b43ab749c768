import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, tooBusy, untested } from '../kit/cell.ts';
import { Visitor } from '../kit/visitor.ts';
import { describeOutcome, isDone, isFound, seconds } from '../kit/words.ts';

const behaviour = (about: Omit<Behaviour, 'group' | 'lesson'>): Behaviour => ({
  group: 'ending',
  lesson: 9,
  ...about,
});

const sliding = behaviour({
  id: 'sliding',
  title: 'visits prolong',
  question:
    'With rolling: true and a maxAge of 10 s, is a shopper still in who comes after 6 s and after 12 s and changes nothing?',
  must: false,
  trap: 'An active shopper is logged out in the middle, unless each visit changes the session (lesson 9 shows how).',
});

const touchKeeps = behaviour({
  id: 'touch-keeps',
  title: 'touch keeps data',
  question: 'Does touch() leave the data alone, when another request has changed it meanwhile?',
  must: true,
  trap: 'A page that only looks writes the old cart back over the new one.',
});

const cost = behaviour({
  id: 'cost',
  title: 'a look costs',
  question: 'How many round trips to the server does a request take that changes nothing?',
  must: false,
  trap: 'More than two round trips for each page: on a database elsewhere, each is milliseconds.',
});

export const visits: readonly Scenario[] = [
  {
    behaviours: [sliding],
    alone: true,
    waits: 12,
    async ask(trial) {
      // Long enough for stores and servers that count whole seconds and may be one short twice.
      const maxAge = 10_000;
      const store = await trial.open({ rolling: true, maxAge });
      const ann = new Visitor(await store.port());
      const start = performance.now();
      const since = () => performance.now() - start;
      // Ben never returns: his session shows that sessions end.
      const ben = new Visitor(await store.port());
      await ben.ask('/login');
      const login = await ann.ask('/login');
      const savedBy = since();
      await delay(Math.max(0, 6000 - since()));
      const firstAt = since();
      const first = await ann.ask('/me');
      const firstBy = since();
      // The login alone has expired by then: only the first visit keeps a shopper in.
      await delay(Math.max(0, savedBy + maxAge + 1500 - since()));
      const secondAt = since();
      const second = await ann.ask('/me');
      const idle = await ben.ask('/me');
      await store.mustLive();
      const isInTime = firstBy < 0.75 * maxAge && since() - firstAt < 0.75 * maxAge;
      const words = `login: ${login.words}; ${seconds(firstAt)} after it began: ${first.words}; ${seconds(secondAt)} after it began: ${second.words}; another shopper then, who had not come meanwhile: ${idle.words}`;
      if (login.text !== 'welcome') trial.tell(sliding, bad('no login', words));
      else if (!isInTime) trial.tell(sliding, tooBusy(words));
      else if (first.text !== 'ann') trial.tell(sliding, bad('out before', words));
      else if (second.text !== 'ann') trial.tell(sliding, bad('out', words));
      else if (idle.text === 'ann') trial.tell(sliding, untested('nothing ends', words));
      else trial.tell(sliding, ok('in', words));
    },
  },
  {
    behaviours: [touchKeeps],
    async ask(trial) {
      const store = await trial.shared();
      if (!store.has('touch')) return trial.tell(touchKeeps, ok('no touch', 'The store has no touch().'));
      const id = trial.newId();
      const call = (method: 'set' | 'touch', n: number) =>
        store.call({ method, id, data: { n }, maxAge: 600_000 }, trial.limits.call);
      const calls = [await call('set', 1), await call('set', 2), await call('touch', 1)];
      const got = await store.call({ method: 'get', id }, trial.limits.call);
      const words = `set n = 1, set n = 2, touch with a session of n = 1: ${calls.map(describeOutcome).join('; ')}. get: ${describeOutcome(got)}`;
      const n = isFound(got) ? (got.value as { n?: unknown }).n : undefined;
      if (calls.every(isDone) && n === 2) trial.tell(touchKeeps, ok('keeps', words));
      else trial.tell(touchKeeps, bad(n === 1 ? 'writes old data' : 'fails', words));
    },
  },
  {
    behaviours: [cost],
    needs: 'server',
    async ask(trial) {
      const store = await trial.shared();
      const ann = new Visitor(await store.port());
      await ann.ask('/login');
      const turns: number[] = [];
      for (let visit = 0; visit < 6; visit++) {
        const before = trial.site.proxy?.turns ?? 0;
        await ann.ask('/me');
        turns.push((trial.site.proxy?.turns ?? 0) - before);
      }
      await store.mustLive();
      const least = Math.min(...turns);
      const words = `6 visits that change nothing took ${turns.join(', ')} round trips; more than the least are the driver's own`;
      if (least === 0) trial.tell(cost, untested('not seen', words));
      else trial.tell(cost, (least <= 2 ? ok : bad)(`${least} round trip${least > 1 ? 's' : ''}`, words));
    },
  },
];
