import { askUntil } from '../../shared/fair-time.ts';
import { describeAction, play } from '../browse/action.ts';
import type { Visitor } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';
import { told } from './evidence.ts';
import { advise, type Finding, NotTestable, notTested, ok } from './finding.ts';

/** How long a request may take until it writes its session, in milliseconds. */
const WRITE_LIMIT = 4000;

const noStore = (context: AuditContext) => {
  if (context.setup?.library === 'cookie-session') throw new NotTestable('cookie-session has no store');
};

/** Does the write of a request that is slower than a logout bring the session back? */
export async function checkLateWrite(context: AuditContext): Promise<Finding[]> {
  noStore(context);
  const id = 'late-write';
  const { logOut, account } = context.way;
  if (!logOut) throw new NotTestable('no logout was found; a flow file can say it (--flow)');
  const visitor = await context.loggedIn();
  const thief = visitor.copy();
  const slow = await heldWrite(context, visitor);
  try {
    await play(visitor.copy(), logOut, account);
    const { standing } = await context.asks(thief.copy());
    if (standing !== 'out') throw new NotTestable('the logout beside a slow request did not log out');
  } finally {
    await slow.release();
  }
  const { standing, exchange } = await context.asks(thief);
  const evidence = [
    `${slow.words} is about to write the session`,
    `${describeAction(logOut)} ends it`,
    'the write goes on; then, with the cookie from before:',
    ...told(exchange),
  ];
  if (standing === 'in') return [advise(id, 'the session is back, and logged in', evidence)];
  if (standing === 'out') return [ok(id, 'the session stays ended', evidence)];
  return [notTested(id, 'the answer after the late write tells neither')];
}

/** Is the first of two simultaneous changes lost? */
export async function checkLostUpdate(context: AuditContext): Promise<Finding[]> {
  noStore(context);
  const id = 'lost-update';
  const { change, account } = context.way;
  if (!change)
    throw new NotTestable(
      'no form was found that changes something for a logged-in visitor; a flow file can say one (--flow)',
    );
  const one = await context.loggedIn();
  const afterOne = await changed(context, one, () => play(one, change, account));
  const afterTwo = await changed(context, one, () => play(one, change, account));
  if (afterOne === afterTwo)
    throw new NotTestable(`${describeAction(change)} changes nothing in the session when it is done twice`);
  const other = await context.loggedIn();
  const slow = await heldWrite(context, other);
  let both: string;
  try {
    await play(other.copy(), change, account);
  } finally {
    await slow.release();
    both = await changed(context, other, async () => {});
  }
  const evidence = [
    `${describeAction(change)} twice, one after the other: ${brief(afterTwo)}`,
    `the same two at once: ${brief(both)}`,
  ];
  if (both === afterTwo) return [ok(id, 'both changes are kept', evidence)];
  if (both === afterOne) return [advise(id, 'one of the two changes is lost', evidence)];
  return [notTested(id, 'what two changes at once leave is like neither one nor two of them')];
}

const brief = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

/** The session's data after some work, without what differs between sessions. */
async function changed(
  context: AuditContext,
  visitor: Visitor,
  work: () => Promise<unknown>,
): Promise<string> {
  await work();
  const { cookie: _cookie, ...data } = (await context.stored(context.id(visitor) ?? '')) ?? {};
  return JSON.stringify(data, (key, value) =>
    /token|csrf|time|at$|date|stamp|last/i.test(key) ||
    (typeof value === 'number' && value > 1e11) ||
    /^\d{4}-\d\d-\d\dT/.test(value)
      ? '…'
      : value,
  );
}

/** A request of a visitor that waits before its write. @throws {NotTestable} when no request writes the session */
async function heldWrite(
  context: AuditContext,
  visitor: Visitor,
): Promise<{ words: string; release: () => Promise<void> }> {
  const { change, probe, account } = context.way;
  const id = context.id(visitor);
  if (id === undefined) throw new NotTestable('the session cookie has no ID');
  const ways = [
    ...(change ? [{ words: describeAction(change), work: () => play(visitor.copy(), change, account) }] : []),
    ...(probe ? [{ words: `GET ${probe.path}`, work: () => visitor.copy().get(probe.path) }] : []),
  ];
  for (const { words, work } of ways) {
    const hold = await context.app.holdWrite(id, 'set');
    const done = work().then(
      () => 'done',
      () => 'done',
    );
    const isHeld = await Promise.race([
      askUntil(async () => hold.held(), Boolean, WRITE_LIMIT),
      done.then(() => hold.held()),
    ]);
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
