import type { Visitor } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';
import { span, told } from './evidence.ts';
import { advise, type Finding, mend, NotTestable, notTested, ok } from './finding.ts';
import { endInStore, keepsOwnTime, lookMovesRecord, sweepsByIndex } from './session-place.ts';
import { thiefOf } from './thief.ts';

/** No unused session should live longer than this, in milliseconds. */
const THIRTY_DAYS_MS = 30 * 24 * 3_600_000;
/** How many requests test whether a session in use ever ends. */
const MOST_LOOKS = 80;
/** The time between two of these requests, as a part of the session's life. */
const STEP = 0.8;
/** In milliseconds. Ends may be rounded to whole seconds. */
const TOLERANCE = 5000;

/** The ends of an unused and of a used session, with the app's clock set ahead. */
export async function checkTime(context: AuditContext): Promise<Finding[]> {
  const visitor = await context.loggedIn();
  const id = context.id(visitor) ?? '';
  const cookieEnd = endOf(context, visitor);
  const now = () => Date.now() + context.clock.ahead;
  const life = cookieEnd === undefined ? undefined : cookieEnd - now();
  const storeEnd = await endInStore(context, id);
  const about = [
    life === undefined
      ? 'the cookie has no end: it goes with the browser'
      : `the cookie ends in ${span(life)}`,
    storeEnd === undefined
      ? 'no end of the record was found'
      : `the record ends in ${span(storeEnd - now())}`,
  ];
  const idle = await ofIdle(context, life, storeEnd === undefined ? undefined : storeEnd - now(), about);
  if (life === undefined) {
    const why = 'the cookie has no end of its own (no maxAge)';
    return [idle, notTested('sliding-end', why), await ofAbsolute(context, 24 * 3_600_000)];
  }
  if (life < TOLERANCE * 2)
    throw new NotTestable(`a session ends after ${span(life)}, too soon for the audit`);
  const sliding = await ofSliding(context, life);
  return [idle, sliding, await ofAbsolute(context, life)];
}

const endOf = (context: AuditContext, visitor: Visitor) => visitor.jar.get(context.cookieName)?.endsAt;

async function ofIdle(
  context: AuditContext,
  life: number | undefined,
  storeLife: number | undefined,
  about: string[],
): Promise<Finding> {
  const id = 'idle-end';
  const visitor = await context.loggedIn();
  const asksLater = thiefOf(context, visitor);
  const wait = Math.max(life ?? 0, storeLife ?? 0) || THIRTY_DAYS_MS;
  await context.passes(wait + TOLERANCE * 2);
  let { standing, exchange } = await asksLater();
  const evidence = [...about, `${span(wait)} later, with the cookie of then:`, ...told(exchange)];
  // A store that relies on the TTL index returns a record until MongoDB has deleted it.
  if (standing === 'in' && (await sweepsByIndex(context))) {
    ({ standing, exchange } = await asksLater());
    evidence.push('when the TTL index has deleted the record, within a minute:', ...told(exchange));
  }
  if (standing === 'unclear')
    return notTested(
      id,
      `${exchange.method} ${exchange.path} was answered ${exchange.status}, which tells neither`,
    );
  // A Redis key ends by the clock of Redis, which the audit does not move: reads its remaining time from Redis.
  const ownTime = await keepsOwnTime(context);
  const byItsOwn = ownTime && storeLife !== undefined;
  if (standing === 'in' && !byItsOwn) return stillIn(context, wait, evidence, ownTime);
  if (standing === 'in') evidence.push(`  ${byItsOwnClock(context)}: the end that it names is taken`);
  const apart =
    life !== undefined &&
    storeLife !== undefined &&
    Math.abs(life - storeLife) > Math.max(TOLERANCE, life * 0.05);
  if (apart)
    return advise(id, `the cookie ends in ${span(life)} and the record in ${span(storeLife)}`, evidence);
  if (life === undefined) {
    const record = storeLife === undefined ? `has ended ${span(wait)} later` : `lives for ${span(storeLife)}`;
    return advise(id, `the cookie has no end (no maxAge), and the record ${record}`, evidence);
  }
  if (wait > THIRTY_DAYS_MS)
    return advise(id, `a session that nobody uses ends after ${span(wait)}`, evidence);
  return ok(id, `a session that nobody uses ends after ${span(wait)}`, evidence);
}

const byItsOwnClock = ({ setup }: AuditContext) =>
  `${setup?.store} goes by the clock of its database, which the audit does not move`;

function stillIn(context: AuditContext, wait: number, evidence: string[], ownTime: boolean): Finding {
  const id = 'idle-end';
  if (context.setup?.library === 'cookie-session')
    return mend(
      id,
      `a copy of the cookie is still logged in ${span(wait)} later: cookie-session keeps no end on the server`,
      evidence,
    );
  if (ownTime) return notTested(id, byItsOwnClock(context));
  return mend(id, `a session that nobody uses is still logged in ${span(wait)} later`, evidence);
}

/** Does the end move for a visitor who only reads? First by cookie and record, then by waiting. */
async function ofSliding(context: AuditContext, life: number): Promise<Finding> {
  const finding = 'sliding-end';
  const visitor = await context.loggedIn();
  const id = context.id(visitor) ?? '';
  const ownTime = await keepsOwnTime(context);
  const stored = async () => (ownTime ? undefined : endInStore(context, id));
  const movesByItself = ownTime && (await lookMovesRecord(context));
  const before = { cookie: endOf(context, visitor) ?? 0, store: await stored() };
  await context.passes(life / 2);
  const { result, calls } = await context.callsDuring(() => context.asks(visitor));
  const after = { cookie: endOf(context, visitor) ?? 0, store: await stored() };
  const cookieMoves = after.cookie > before.cookie + TOLERANCE;
  const recordMoves =
    before.store !== undefined && after.store !== undefined
      ? after.store > before.store + TOLERANCE
      : movesByItself ||
        (!ownTime && calls.some(({ operation }) => operation === 'touch' || operation === 'set'));
  const evidence = [
    `${span(life / 2)} after the login:`,
    ...told(result.exchange),
    `the end of the cookie ${cookieMoves ? 'moves' : 'stays'}, the end of the record ${recordMoves ? 'moves' : 'stays'}`,
  ];
  if (result.standing !== 'in')
    return notTested(finding, `${span(life / 2)} after the login the visitor is not logged in any more`);
  await context.passes(life * 0.7);
  const later = await context.asks(visitor);
  const proven = [...evidence, `${span(life * 0.7)} after that look:`, ...told(later.exchange)];
  if (cookieMoves && recordMoves && later.standing === 'in')
    return ok(finding, 'the end moves with each look', proven);
  // The end in such a store has not come: only the app's clock was moved.
  const byItsOwn = ownTime && !recordMoves && later.standing === 'in';
  if (byItsOwn && (await endInStore(context, id)) === undefined)
    return notTested(finding, byItsOwnClock(context));
  if (later.standing === 'in' && !byItsOwn)
    return ok(finding, 'who looked is still logged in after the first end', proven);
  if (cookieMoves && (later.standing === 'out' || byItsOwn) && !recordMoves)
    return mend(
      finding,
      'the cookie is renewed at each look and the record is not: an active user is logged out while the browser still has a cookie',
      proven,
    );
  if (later.standing === 'unclear') return notTested(finding, 'the answer after the first end tells neither');
  return advise(finding, `a user who only looks is logged out ${span(life)} after the login`, proven);
}

/** Does a session in constant use ever end? The end of the cookie is not enough: a thief keeps it. */
async function ofAbsolute(context: AuditContext, life: number): Promise<Finding> {
  const id = 'absolute-end';
  const visitor = await context.loggedIn();
  const asks = thiefOf(context, visitor);
  let passed = 0;
  for (let look = 0; look < MOST_LOOKS; look++) {
    await context.passes(life * STEP);
    passed += life * STEP;
    const { standing, exchange } = await asks();
    const evidence = [
      `a look with a copy of the cookie each ${span(life * STEP)}; after ${span(passed)}:`,
      ...told(exchange),
    ];
    if (standing === 'out') return ok(id, `a session in use ended within ${span(passed)}`, evidence);
    if (standing === 'unclear')
      return notTested(
        id,
        `after ${span(passed)} in use ${exchange.method} ${exchange.path} was answered ${exchange.status}, which tells neither`,
      );
  }
  const notMoved = (await keepsOwnTime(context)) && !(await lookMovesRecord(context));
  if (notMoved && (await endInStore(context, context.id(visitor) ?? '')) !== undefined)
    return ok(id, 'the record ends by its own time, which no look moves');
  if (notMoved) return notTested(id, byItsOwnClock(context));
  return advise(id, `a copy of the cookie that is used was still logged in after ${span(passed)}`, [
    `${MOST_LOOKS} looks, one each ${span(life * STEP)}`,
  ]);
}
