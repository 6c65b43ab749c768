import { askUntil } from '../../shared/fair-time.ts';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import type { Outcome } from '../kit/protocol.ts';
import type { StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { Visitor } from '../kit/visitor.ts';
import { describeOutcome, isDone, isFound, isNone, seconds } from '../kit/words.ts';
import { untilStored } from './until-stored.ts';

const behaviour = (about: Omit<Behaviour, 'group' | 'lesson'>): Behaviour => ({
  group: 'logout',
  lesson: 7,
  ...about,
});

const destroys = behaviour({
  id: 'destroys',
  title: 'destroy',
  question:
    'Is a session gone after destroy(), also when a get() was under way, and is every other one still there, also when the one to destroy is not?',
  must: true,
  trap: 'A logout is none: the old cookie still opens the account. Or it logs out somebody else.',
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

const GONE_WITHIN_MS = 2000;

const BACK_WITHIN_MS = 600;
/** Reads the session again a moment later: some stores call back before they have saved. */
const comesBack = (get: () => Promise<Outcome>): Promise<Outcome> => askUntil(get, isFound, BACK_WITHIN_MS);

/** Some stores call back before they have destroyed. @param got the first outcome of get() @returns its outcome after that */
async function untilGone(get: () => Promise<Outcome>, got: Outcome): Promise<Outcome> {
  return isFound(got) ? await askUntil(get, (each) => !isFound(each), GONE_WITHIN_MS) : got;
}

/**
 * A session after destroy(), and after it is gone from the store, if it goes.
 * @param isStored destroys it when the backend holds it: some stores write a second later, and destroy only what they have in memory
 */
async function destroyed(trial: Trial, isStored = false) {
  const store = await trial.shared();
  const id = trial.newId();
  const call = (method: 'get' | 'set' | 'destroy' | 'touch', data = {}) =>
    store.call({ method, id, data: { n: id, ...data }, maxAge: 600_000 }, trial.limits.call);
  const set = await call('set');
  if (isStored) await untilStored(trial, id);
  const destroy = await call('destroy');
  const start = performance.now();
  const first = await call('get');
  let words = `set: ${describeOutcome(set)}; destroy: ${describeOutcome(destroy)}; get: ${describeOutcome(first)}`;
  const isLate = isFound(first);
  const got = await untilGone(() => call('get'), first);
  if (isLate) words += `; get ${seconds(performance.now() - start)} later: ${describeOutcome(got)}`;
  return { store, call, words, got, destroy, isLate };
}

/** Some stores destroy the last session when the given one does not exist. @returns words, when this store does */
async function destroysAnother(trial: Trial, store: StoreProcess): Promise<string | undefined> {
  const id = trial.newId('other');
  const get = () => store.call({ method: 'get', id }, trial.limits.call);
  await store.call({ method: 'set', id, data: { n: 2 }, maxAge: 600_000 }, trial.limits.call);
  const before = await comesBack(get);
  const destroy = await store.call({ method: 'destroy', id: trial.newId('never') }, trial.limits.call);
  const after = await get();
  if (!isFound(before) || !isNone(after)) return undefined;
  return `another session: get: ${describeOutcome(before)}; destroy of an ID that never was: ${describeOutcome(destroy)}; then get of the other: ${describeOutcome(after)}`;
}

const TURNS = 6;
/** A get() that writes may restore a session that is destroyed meanwhile. @returns words, when this store's does */
async function destroyedDuringGet(trial: Trial, store: StoreProcess): Promise<string | undefined> {
  const limitMs = trial.limits.call;
  for (let turn = 1; turn <= TURNS; turn++) {
    const id = trial.newId();
    const get = () => store.call({ method: 'get', id }, limitMs);
    await store.call({ method: 'set', id, data: { n: 1 }, maxAge: 600_000 }, limitMs);
    const calls = [
      { method: 'get', id, limitMs },
      { method: 'destroy', id, limitMs },
    ] as const;
    const both = await store.together(calls, limitMs);
    if (!both.every(isDone)) return undefined;
    const got = await untilGone(get, turn === TURNS ? await comesBack(get) : await get());
    if (isFound(got))
      return `get() and destroy() in one turn: ${both.map(describeOutcome).join('; ')}; then get: ${describeOutcome(got)}`;
  }
  return undefined;
}

/** A visitor logs out while another request of theirs is in progress. */
async function tellLogoutDuring(behaviour: Behaviour, path: string, trial: Trial): Promise<void> {
  const store = await trial.shared();
  const ann = new Visitor(await store.port());
  const login = await ann.ask('/login');
  const { cookie } = ann;
  const slow = new Visitor(await store.port(), cookie).ask(path, 30_000);
  await askUntil(
    () => store.ask('slowWaiting'),
    (requests) => requests > 0,
    20_000,
  );
  const bye = await new Visitor(await store.port(), cookie).ask('/logout');
  await store.ask('answerSlow');
  const done = await slow;
  const after = await new Visitor(await store.port(), cookie).ask('/me');
  await store.mustLive();
  const words = `login: ${login.words}; ${path} waits; logout: ${bye.words}; ${path}: ${done.words}; the next page with the old cookie: ${after.words}`;
  const missing =
    login.text !== 'welcome'
      ? 'no login'
      : bye.text !== 'bye'
        ? 'no logout'
        : done.text !== 'ann' && 'page fails';
  if (missing) trial.tell(behaviour, untested(missing, words));
  else trial.tell(behaviour, after.text === 'ann' ? bad('back in', words) : ok('stays out', words));
}

export const logout: readonly Scenario[] = [
  {
    behaviours: [destroys, twice],
    async ask(trial) {
      const { store, call, words, got, destroy, isLate } = await destroyed(trial, true);
      const again = await call('destroy');
      const lost = await destroysAnother(trial, store);
      const back = await destroyedDuringGet(trial, store);
      if (!isNone(got))
        trial.tell(destroys, bad(isFound(got) ? 'still there' : 'fails', words), GONE_WITHIN_MS);
      else if (!isDone(destroy)) trial.tell(destroys, bad('gone, with an error', words));
      else if (lost) trial.tell(destroys, bad('another is gone', `${words}; ${lost}`));
      else if (back) trial.tell(destroys, bad('is back', `${words}; ${back}`));
      else trial.tell(destroys, ok(isLate ? 'gone a moment later' : 'gone', words));
      trial.tell(
        twice,
        (isDone(again) ? ok : bad)(
          isDone(again) ? 'no error' : 'fails',
          `destroy again: ${describeOutcome(again)}`,
        ),
      );
    },
  },
  {
    behaviours: [lateTouch],
    async ask(trial) {
      const { store, call, words } = await destroyed(trial);
      if (!store.has('touch')) return trial.tell(lateTouch, ok('no touch', 'The store has no touch().'));
      const touch = await call('touch');
      const got = await comesBack(() => call('get'));
      const seen = `${words}; touch: ${describeOutcome(touch)}; get: ${describeOutcome(got)}`;
      const short = isDone(touch) ? 'stays gone' : 'gone, with an error';
      trial.tell(lateTouch, isFound(got) ? bad('is back', seen) : ok(short, seen));
    },
  },
  {
    behaviours: [lateSave],
    async ask(trial) {
      const { call, words } = await destroyed(trial);
      const set = await call('set');
      const got = await comesBack(() => call('get'));
      const seen = `${words}; set: ${describeOutcome(set)}; get: ${describeOutcome(got)}`;
      trial.tell(lateSave, isFound(got) ? bad('is back', seen) : ok('stays gone', seen));
    },
  },
  {
    behaviours: [slowLook],
    async ask(trial) {
      await tellLogoutDuring(slowLook, '/slow', trial);
    },
  },
  {
    behaviours: [slowChange],
    async ask(trial) {
      await tellLogoutDuring(slowChange, '/slow?change=1', trial);
    },
  },
];
