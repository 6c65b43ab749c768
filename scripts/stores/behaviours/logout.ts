import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok } from '../kit/cell.ts';
import type { Trial } from '../kit/trial.ts';
import { Visitor } from '../kit/visitor.ts';
import { inWords, isDone, isFound, isNone } from '../kit/words.ts';

const behaviour = (about: Omit<Behaviour, 'group' | 'lesson'>): Behaviour => ({
  group: 'logout',
  lesson: 7,
  ...about,
});

const destroys = behaviour({
  id: 'destroys',
  title: 'destroy',
  question: 'Is a session gone after destroy()?',
  must: true,
  trap: 'A logout is none: the old cookie still opens the account.',
});

const twice = behaviour({
  id: 'twice',
  title: 'logout twice',
  question: 'Does destroy() of a session that is gone call back without an error?',
  must: false,
  trap: 'A second click on “log out” is an error page.',
});

const lateTouch = behaviour({
  id: 'late-touch',
  title: 'late touch',
  question: 'Does a touch() after destroy() leave the session gone?',
  must: true,
  trap: 'A page that was loading during the logout brings the login back, though it changed nothing.',
});

const lateSave = behaviour({
  id: 'late-save',
  title: 'late save',
  question: 'Does a set() after destroy() leave the session gone?',
  must: false,
  trap: 'A request that was under way during the logout and changes the session brings the login back. A store can only know by keeping a mark of what it destroyed.',
});

const slowLook = behaviour({
  id: 'slow-look',
  title: 'slow page',
  question:
    'A page is loading, the shopper logs out elsewhere, the page is done and changed nothing: are they out?',
  must: true,
  trap: 'The login is back after a logout, by a download or a long poll.',
});

const slowChange = behaviour({
  id: 'slow-change',
  title: 'slow change',
  question: 'The same, and the page has changed the session: are they out?',
  must: false,
  trap: 'The login is back after a logout. Check in the request whether the session is still there before you save.',
});

async function destroyed(trial: Trial) {
  const store = await trial.shared();
  const id = trial.newId();
  const call = (method: 'get' | 'set' | 'destroy' | 'touch', data = {}) =>
    store.call({ method, id, data: { n: 1, ...data }, maxAge: 600_000 }, trial.patience.call);
  const first = [await call('set'), await call('destroy')];
  return {
    store,
    call,
    first,
    words: `set: ${first[0] && inWords(first[0])}; destroy: ${first[1] && inWords(first[1])}`,
  };
}

/** A visitor logs out while one of their requests is under way. */
async function logoutDuring(path: string, trial: Trial) {
  const store = await trial.shared();
  const ann = new Visitor(store.opened?.port ?? 0);
  const login = await ann.ask('/login');
  const { cookie } = ann;
  const slow = new Visitor(store.opened?.port ?? 0, cookie).ask(path, 30_000);
  const start = performance.now();
  while ((await store.ask('slowWaiting')) === 0 && performance.now() - start < 20_000) await delay(10);
  const bye = await new Visitor(store.opened?.port ?? 0, cookie).ask('/logout');
  await store.ask('answerSlow');
  const done = await slow;
  const after = await new Visitor(store.opened?.port ?? 0, cookie).ask('/me');
  const words = `login: ${login.words}; ${path} waits; logout: ${bye.words}; ${path}: ${done.words}; the next page with the old cookie: ${after.words}`;
  const played = login.text === 'welcome' && bye.text === 'bye' && done.text === 'ann';
  if (!played) return bad('fails', words);
  return after.text === 'ann' ? bad('back in', words) : ok('stays out', words);
}

export const logout: readonly Scenario[] = [
  {
    behaviours: [destroys, twice],
    async ask(trial) {
      const { call, words } = await destroyed(trial);
      const got = await call('get');
      const seen = `${words}; get: ${inWords(got)}`;
      trial.tell(
        destroys,
        isNone(got) ? ok('gone', seen) : bad(isFound(got) ? 'still there' : 'fails', seen),
      );
      const again = await call('destroy');
      trial.tell(
        twice,
        (isDone(again) ? ok : bad)(isDone(again) ? 'no error' : 'fails', `destroy again: ${inWords(again)}`),
      );
    },
  },
  {
    behaviours: [lateTouch],
    async ask(trial) {
      const { store, call, words } = await destroyed(trial);
      if (!store.has('touch')) return trial.tell(lateTouch, ok('no touch', 'The store has no touch().'));
      const touch = await call('touch');
      const got = await call('get');
      const seen = `${words}; touch: ${inWords(touch)}; get: ${inWords(got)}`;
      const short = isDone(touch) ? 'stays gone' : 'gone, with an error';
      trial.tell(lateTouch, isFound(got) ? bad('is back', seen) : ok(short, seen));
    },
  },
  {
    behaviours: [lateSave],
    async ask(trial) {
      const { call, words } = await destroyed(trial);
      const set = await call('set');
      const got = await call('get');
      const seen = `${words}; set: ${inWords(set)}; get: ${inWords(got)}`;
      trial.tell(lateSave, isFound(got) ? bad('is back', seen) : ok('stays gone', seen));
    },
  },
  {
    behaviours: [slowLook],
    async ask(trial) {
      trial.tell(slowLook, await logoutDuring('/slow', trial));
    },
  },
  {
    behaviours: [slowChange],
    async ask(trial) {
      trial.tell(slowChange, await logoutDuring('/slow?change=1', trial));
    },
  },
];
