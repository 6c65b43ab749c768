import { setTimeout as delay } from 'node:timers/promises';
import { inWords, play } from '../browse/action.ts';
import type { Visitor } from '../browse/visitor.ts';
import { told } from './evidence.ts';
import { advise, type Finding, NotTestable, notTested, ok } from './finding.ts';
import type { Scene } from './scene.ts';

/** How long a request may take until it writes its session, in milliseconds. */
const WRITE_LIMIT = 4000;

const noStore = (scene: Scene) => {
  if (scene.setup?.library === 'cookie-session') throw new NotTestable('cookie-session has no store');
};

/** A request that is slower than a logout: does its write bring the session back? */
export async function checkLateWrite(scene: Scene): Promise<Finding[]> {
  noStore(scene);
  const id = 'late-write';
  const { logOut, account } = scene.way;
  if (!logOut) throw new NotTestable('no logout was found; a flow file can say it (--flow)');
  const visitor = await scene.loggedIn();
  const thief = visitor.copy();
  const slow = await heldWrite(scene, visitor);
  try {
    await play(visitor.copy(), logOut, account);
    const { standing } = await scene.asks(thief.copy());
    if (standing !== 'out') throw new NotTestable('the logout beside a slow request did not log out');
  } finally {
    await slow.release();
  }
  const { standing, exchange } = await scene.asks(thief);
  const evidence = [
    `${slow.words} is about to write the session`,
    `${inWords(logOut)} ends it`,
    'the write goes on; then, with the cookie from before:',
    ...told(exchange),
  ];
  if (standing === 'in') return [advise(id, 'the session is back, and logged in', evidence)];
  if (standing === 'out') return [ok(id, 'the session stays ended', evidence)];
  return [notTested(id, 'the answer after the late write tells neither')];
}

/** Two changes at once: is the first one gone? */
export async function checkLostUpdate(scene: Scene): Promise<Finding[]> {
  noStore(scene);
  const id = 'lost-update';
  const { change, account } = scene.way;
  if (!change)
    throw new NotTestable(
      'no form was found that changes something for a logged-in visitor; a flow file can say one (--flow)',
    );
  const one = await scene.loggedIn();
  const afterOne = await changed(scene, one, () => play(one, change, account));
  const afterTwo = await changed(scene, one, () => play(one, change, account));
  if (afterOne === afterTwo)
    throw new NotTestable(`${inWords(change)} changes nothing in the session when it is done twice`);
  const other = await scene.loggedIn();
  const slow = await heldWrite(scene, other);
  let both: string;
  try {
    await play(other.copy(), change, account);
  } finally {
    await slow.release();
    both = await changed(scene, other, async () => {});
  }
  const evidence = [
    `${inWords(change)} twice, one after the other: ${brief(afterTwo)}`,
    `the same two at once: ${brief(both)}`,
  ];
  if (both === afterTwo) return [ok(id, 'both changes are kept', evidence)];
  if (both === afterOne) return [advise(id, 'one of the two changes is lost', evidence)];
  return [notTested(id, 'what two changes at once leave is like neither one nor two of them')];
}

const brief = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

/** The session's data after some work, without what differs from session to session. */
async function changed(scene: Scene, visitor: Visitor, work: () => Promise<unknown>): Promise<string> {
  await work();
  const { cookie: _cookie, ...data } = (await scene.stored(scene.id(visitor) ?? '')) ?? {};
  return JSON.stringify(data, (key, value) =>
    /token|csrf|time|at$|date|stamp|last/i.test(key) ||
    (typeof value === 'number' && value > 1e11) ||
    /^\d{4}-\d\d-\d\dT/.test(value)
      ? '…'
      : value,
  );
}

/** A request of a visitor that has come as far as its write. @throws {NotTestable} when no request writes the session */
async function heldWrite(
  scene: Scene,
  visitor: Visitor,
): Promise<{ words: string; release: () => Promise<void> }> {
  const { change, probe, account } = scene.way;
  const id = scene.id(visitor);
  if (id === undefined) throw new NotTestable('the session cookie has no ID');
  const ways = [
    ...(change ? [{ words: inWords(change), work: () => play(visitor.copy(), change, account) }] : []),
    ...(probe ? [{ words: `GET ${probe.path}`, work: () => visitor.copy().get(probe.path) }] : []),
  ];
  for (const { words, work } of ways) {
    const hold = await scene.app.holdWrite(id, 'set');
    const done = work().then(
      () => 'done',
      () => 'done',
    );
    const isHeld = await Promise.race([untilHeld(hold.held), done.then(() => hold.held())]);
    if (isHeld)
      return {
        words,
        release: async () => {
          await hold.release();
          await done;
        },
      };
    await hold.release();
    await done;
  }
  throw new NotTestable('no request was found that writes the session of a logged-in visitor');
}

async function untilHeld(held: () => boolean): Promise<boolean> {
  const limit = performance.now() + WRITE_LIMIT;
  while (!held() && performance.now() < limit) await delay(20);
  return held();
}
