import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import { endIn } from '../kit/record-end.ts';
import type { StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { Visitor } from '../kit/visitor.ts';
import { inWords, isDone, isFound, seconds, span } from '../kit/words.ts';

const behaviour = (about: Omit<Behaviour, 'group' | 'lesson'>): Behaviour => ({
  group: 'ending',
  lesson: 9,
  ...about,
});

const expired = behaviour({
  id: 'expired',
  title: 'expired record',
  question: 'Is a session whose cookie has ended no longer given out, whether or not it was swept?',
  must: true,
  trap: 'Whoever keeps the cookie is logged in for longer than the app says, or for ever.',
});

const brief = behaviour({
  id: 'brief',
  title: 'under a second',
  question: 'Does a session with a maxAge of 0.7 s end?',
  must: false,
  trap: 'It lasts until a sweep, or for ever; tests that wait for a short session fail.',
});

const closing = behaviour({
  id: 'closing',
  title: 'no maxAge',
  question: 'How long does the record of a cookie without maxAge (until the browser is closed) live?',
  must: true,
  trap: 'Nothing tells the server that a browser was closed: records for ever, and memory or a disk that only grows.',
});

const month = behaviour({
  id: 'month',
  title: '31 days',
  question: 'Is a session with a maxAge of 31 days there?',
  must: true,
  trap: '“Remember me for a month” never remembers, and no error says so.',
});

const sliding = behaviour({
  id: 'sliding',
  title: 'visits prolong',
  question:
    'With rolling: true and a maxAge of 5 s, is a shopper still in who comes after 3 s and after 6.5 s and changes nothing?',
  must: false,
  trap: 'An active shopper is logged out in the middle, unless each visit changes the session (lesson 9 shows how).',
});

const slidingClosing = behaviour({
  id: 'sliding-closing',
  title: 'without maxAge, too',
  question: 'Does a touch move the end of a record whose cookie has no maxAge?',
  must: false,
  trap: 'People who work in one tab all day are out at the same minute the day after, however active they are.',
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

const HOUR = 3_600_000;

async function record(trial: Trial, store: StoreProcess, maxAge?: number) {
  const id = trial.newId();
  const set = await store.call(
    { method: 'set', id, data: { n: 1 }, ...(maxAge === undefined ? {} : { maxAge }) },
    trial.patience.call,
  );
  return { id, set, get: () => store.call({ method: 'get', id }, trial.patience.call) };
}

/** Whether a session is found after some time, with the words for it. */
async function foundAfter(trial: Trial, maxAge: number, ms: number) {
  const store = await trial.open();
  for (let attempt = 1; ; attempt++) {
    const start = performance.now();
    const { set, get } = await record(trial, store, maxAge);
    const first = await get();
    // A busy machine was late: the session may have ended by then.
    const isLate = performance.now() - start > maxAge * 0.8;
    if (isLate && attempt < 4) continue;
    await delay(ms);
    let last = await get();
    let after = performance.now() - start;
    // Servers that count whole seconds may take one more.
    for (; isFound(last) && after < maxAge + 3000; after = performance.now() - start) {
      await delay(200);
      last = await get();
    }
    const words = `maxAge ${seconds(maxAge)}. set: ${inWords(set)}; get at once: ${inWords(first)}; get ${seconds(after)} after set began: ${inWords(last)}`;
    return { atOnce: isFound(first), later: isFound(last), isLate, after, words };
  }
}

export const ending: readonly Scenario[] = [
  {
    behaviours: [expired],
    alone: true,
    async ask(trial) {
      const { atOnce, later, isLate, after, words } = await foundAfter(trial, 3000, 3100);
      if (later) trial.tell(expired, bad('given out', words));
      else if (!atOnce && isLate) trial.tell(expired, untested('too busy', words));
      else if (!atOnce) trial.tell(expired, bad('not even before', words));
      else trial.tell(expired, ok(`out by ${seconds(after)} of 3 s`, words));
    },
  },
  {
    behaviours: [brief],
    alone: true,
    async ask(trial) {
      const { later, words } = await foundAfter(trial, 700, 2500);
      trial.tell(brief, later ? bad('does not end', words) : ok('ends', words));
    },
  },
  {
    behaviours: [closing, slidingClosing],
    alone: true,
    async ask(trial) {
      const store = await trial.open();
      const before = await trial.site.place.dump();
      const { id, set, get } = await record(trial, store);
      const end = endIn(await trial.site.place.dump(), Date.now(), before);
      if (end === undefined) {
        trial.tell(
          slidingClosing,
          store.has('touch')
            ? untested('not visible', 'The end of a record cannot be read from outside.')
            : bad('no touch', 'The store has no touch().'),
        );
        return trial.tell(closing, await byClock(store, get));
      }
      trial.tell(
        closing,
        ok(
          span(end - Date.now()),
          `set: ${inWords(set)}; the record says that it ends in ${span(end - Date.now())}`,
        ),
      );
      if (!store.has('touch'))
        return trial.tell(slidingClosing, bad('no touch', 'The store has no touch().'));
      await delay(3000);
      const touch = await store.call({ method: 'touch', id, data: { n: 1 } }, trial.patience.call);
      const moved = (endIn(await trial.site.place.dump(), Date.now(), before) ?? end) - end;
      const words = `3 s later touch: ${inWords(touch)}; the end of the record moved by ${seconds(moved)}`;
      trial.tell(slidingClosing, moved > 1500 ? ok('yes', words) : bad('no', words));
    },
  },
  {
    behaviours: [month],
    async ask(trial) {
      const { set, get } = await record(trial, await trial.shared(), 31 * 24 * HOUR);
      const found = await get();
      const words = `set with maxAge of 31 days: ${inWords(set)}; get: ${inWords(found)}`;
      trial.tell(month, isFound(found) ? ok('there', words) : bad('not there', words));
    },
  },
  {
    behaviours: [sliding],
    alone: true,
    async ask(trial) {
      for (let attempt = 1; ; attempt++) {
        const { port } = (await trial.open({ rolling: true, maxAge: 5000 })).opened ?? { port: 0 };
        const ann = new Visitor(port);
        const start = performance.now();
        const since = () => performance.now() - start;
        const login = await ann.ask('/login');
        await delay(3000);
        const firstAt = since();
        const first = await ann.ask('/me');
        const firstDone = since();
        await delay(Math.max(0, 6700 - since()));
        const secondAt = since();
        const second = await ann.ask('/me');
        const isInTime = firstDone < 4700 && since() - firstAt < 4700;
        const words = `login: ${login.words}; ${seconds(firstAt)} after it began: ${first.words}; ${seconds(secondAt)} after it began: ${second.words}`;
        // A busy machine was late: the figures would say nothing.
        if (!isInTime && attempt < 3) continue;
        if (!isInTime)
          return trial.tell(
            sliding,
            untested('too busy', `The machine was too busy to be in time. ${words}`),
          );
        if (first.text !== 'ann') return trial.tell(sliding, bad('out before', words));
        return trial.tell(sliding, second.text === 'ann' ? ok('in', words) : bad('out', words));
      }
    },
  },
  {
    behaviours: [touchKeeps],
    async ask(trial) {
      const store = await trial.shared();
      if (!store.has('touch')) return trial.tell(touchKeeps, ok('no touch', 'The store has no touch().'));
      const id = trial.newId();
      const call = (method: 'set' | 'touch', n: number) =>
        store.call({ method, id, data: { n }, maxAge: 600_000 }, trial.patience.call);
      const calls = [await call('set', 1), await call('set', 2), await call('touch', 1)];
      const got = await store.call({ method: 'get', id }, trial.patience.call);
      const words = `set n = 1, set n = 2, touch with a session of n = 1: ${calls.map(inWords).join('; ')}. get: ${inWords(got)}`;
      const n = isFound(got) ? (got.value as { n?: unknown }).n : undefined;
      if (calls.every(isDone) && n === 2) trial.tell(touchKeeps, ok('keeps', words));
      else trial.tell(touchKeeps, bad(n === 1 ? 'writes old data' : 'fails', words));
    },
  },
  {
    behaviours: [cost],
    needs: 'server',
    async ask(trial) {
      const { port } = (await trial.shared()).opened ?? { port: 0 };
      const ann = new Visitor(port);
      await ann.ask('/login');
      const turns: number[] = [];
      for (let visit = 0; visit < 6; visit++) {
        const before = trial.site.proxy?.turns ?? 0;
        await ann.ask('/me');
        turns.push((trial.site.proxy?.turns ?? 0) - before);
      }
      const least = Math.min(...turns);
      const words = `6 visits that change nothing took ${turns.join(', ')} round trips; more than the least are the driver's own`;
      if (least === 0) trial.tell(cost, untested('not seen', words));
      else trial.tell(cost, (least <= 2 ? ok : bad)(`${least} round trip${least > 1 ? 's' : ''}`, words));
    },
  },
];

/** How long a record lives whose end cannot be read: the clock of its process goes ahead. */
async function byClock(store: StoreProcess, get: () => ReturnType<StoreProcess['call']>) {
  const lines: string[] = [];
  let last = 0;
  for (const ahead of [0.5 * HOUR, 2 * HOUR, 25 * HOUR, 15 * 24 * HOUR, 400 * 24 * HOUR]) {
    await store.ask('clock', { aheadMs: ahead - last });
    const got = await get();
    lines.push(`with the clock of the process ${span(ahead)} ahead, get: ${inWords(got)}`);
    if (!isFound(got)) {
      const short = last ? `${span(last)} to ${span(ahead)}` : `under ${span(ahead)}`;
      return ok(short, lines.join('; '));
    }
    last = ahead;
  }
  return bad('for ever', lines.join('; '));
}
