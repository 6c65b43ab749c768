import type { Visitor } from '../browse/visitor.ts';
import { span, told } from './evidence.ts';
import { advise, type Finding, mend, NotTestable, notTested, ok } from './finding.ts';
import type { Scene } from './scene.ts';
import { endInStore, keepsOwnTime } from './store.ts';

/** After this long without a use no session should be alive, in milliseconds. */
const LONG = 30 * 24 * 3_600_000;
/** How many looks the audit makes to see whether a session in use ever ends. */
const MOST_LOOKS = 80;
/** Between two looks, as a part of the time after which it would end by itself. */
const STEP = 0.8;
/** Ends may be rounded to whole seconds. */
const TOLERANCE = 5000;

/** Ends of sessions, with the app's clock set ahead: of one that nobody uses, and of one that is used. */
export async function checkTime(scene: Scene): Promise<Finding[]> {
  const visitor = await scene.loggedIn();
  const id = scene.id(visitor) ?? '';
  const cookieEnd = endOf(scene, visitor);
  const now = () => Date.now() + scene.clock.ahead;
  const life = cookieEnd === undefined ? undefined : cookieEnd - now();
  const storeEnd = await endInStore(scene, id);
  const about = [
    life === undefined
      ? 'the cookie has no end: it goes with the browser'
      : `the cookie ends in ${span(life)}`,
    storeEnd === undefined
      ? 'no end of the record was found'
      : `the record ends in ${span(storeEnd - now())}`,
  ];
  const idle = await ofIdle(scene, life, storeEnd === undefined ? undefined : storeEnd - now(), about);
  if (life === undefined) {
    const why = 'the cookie has no end of its own (no maxAge)';
    return [idle, notTested('sliding-end', why), await ofAbsolute(scene, 24 * 3_600_000)];
  }
  if (life < TOLERANCE * 2)
    throw new NotTestable(`a session ends after ${span(life)}, too soon for the audit`);
  const sliding = await ofSliding(scene, life);
  return [
    idle,
    sliding.finding,
    sliding.slides
      ? await ofAbsolute(scene, life)
      : ok('absolute-end', `a session ends ${span(life)} after the login, whatever its user does`, about),
  ];
}

const endOf = (scene: Scene, visitor: Visitor) => visitor.jar.get(scene.cookieName)?.endsAt;

/** Asks with a cookie that the browser may have dropped: a thief keeps it. */
async function asksWith(scene: Scene, visitor: Visitor, cookies: string) {
  const { probe } = scene.way;
  if (!probe) throw new NotTestable(scene.noLogin);
  const stranger = scene.visitor({ Cookie: cookies });
  stranger.patience = visitor.patience;
  return scene.asks(stranger);
}

async function ofIdle(
  scene: Scene,
  life: number | undefined,
  storeLife: number | undefined,
  about: string[],
): Promise<Finding> {
  const id = 'idle-end';
  const visitor = await scene.loggedIn();
  const cookies = visitor.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const wait = Math.max(life ?? 0, storeLife ?? 0) || LONG;
  await scene.passes(wait + TOLERANCE * 2);
  const { standing, exchange } = await asksWith(scene, visitor, cookies);
  const evidence = [...about, `${span(wait)} later, with the cookie of then:`, ...told(exchange)];
  if (standing === 'unclear')
    return notTested(
      id,
      `${exchange.method} ${exchange.path} was answered ${exchange.status}, which tells neither`,
    );
  // A key of Redis ends by the clock of Redis, which the audit does not move: what Redis says of it is taken.
  const ownTime = await keepsOwnTime(scene);
  const byItsOwn = ownTime && storeLife !== undefined;
  if (standing === 'in' && !byItsOwn) return stillIn(scene, wait, evidence, ownTime);
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
  if (wait > LONG) return advise(id, `a session that nobody uses ends after ${span(wait)}`, evidence);
  return ok(id, `a session that nobody uses ends after ${span(wait)}`, evidence);
}

function stillIn(scene: Scene, wait: number, evidence: string[], ownTime: boolean): Finding {
  const id = 'idle-end';
  if (scene.setup?.library === 'cookie-session')
    return mend(
      id,
      `a copy of the cookie is still logged in ${span(wait)} later: cookie-session keeps no end on the server`,
      evidence,
    );
  if (ownTime)
    return notTested(
      id,
      `${scene.setup?.store} goes by the clock of its database, which the audit does not move`,
    );
  return mend(id, `a session that nobody uses is still logged in ${span(wait)} later`, evidence);
}

/** Does the end move for a visitor who only looks? Cookie and record, and then really. */
async function ofSliding(scene: Scene, life: number): Promise<{ finding: Finding; slides: boolean }> {
  const finding = 'sliding-end';
  const visitor = await scene.loggedIn();
  const id = scene.id(visitor) ?? '';
  const ownTime = await keepsOwnTime(scene);
  const stored = async () => (ownTime ? undefined : endInStore(scene, id));
  const before = { cookie: endOf(scene, visitor) ?? 0, store: await stored() };
  await scene.passes(life / 2);
  const { result, calls } = await scene.callsDuring(() => scene.asks(visitor));
  const after = { cookie: endOf(scene, visitor) ?? 0, store: await stored() };
  const cookieMoves = after.cookie > before.cookie + TOLERANCE;
  const recordMoves =
    before.store !== undefined && after.store !== undefined
      ? after.store > before.store + TOLERANCE
      : calls.some(({ operation }) => operation === 'touch' || operation === 'set');
  const evidence = [
    `${span(life / 2)} after the login:`,
    ...told(result.exchange),
    `the end of the cookie ${cookieMoves ? 'moves' : 'stays'}, the end of the record ${recordMoves ? 'moves' : 'stays'}`,
  ];
  if (result.standing !== 'in')
    return {
      finding: notTested(finding, `${span(life / 2)} after the login the visitor is not logged in any more`),
      slides: false,
    };
  await scene.passes(life * 0.7);
  const later = await scene.asks(visitor);
  const proven = [...evidence, `${span(life * 0.7)} after that look:`, ...told(later.exchange)];
  if (cookieMoves && recordMoves && later.standing === 'in')
    return { finding: ok(finding, 'the end moves with each look', proven), slides: true };
  if (later.standing === 'in')
    return {
      finding: ok(finding, 'who looked is still logged in after the first end', proven),
      slides: true,
    };
  if (cookieMoves && later.standing === 'out' && !recordMoves)
    return {
      finding: mend(
        finding,
        'the cookie is renewed at each look and the record is not: an active user is logged out while the browser still has a cookie',
        proven,
      ),
      slides: false,
    };
  if (later.standing === 'unclear')
    return { finding: notTested(finding, 'the answer after the first end tells neither'), slides: false };
  return {
    finding: advise(finding, `a user who only looks is logged out ${span(life)} after the login`, proven),
    slides: false,
  };
}

/** Does a session that is used all the time end some day? */
async function ofAbsolute(scene: Scene, life: number): Promise<Finding> {
  const id = 'absolute-end';
  const visitor = await scene.loggedIn();
  let passed = 0;
  for (let look = 0; look < MOST_LOOKS; look++) {
    await scene.passes(life * STEP);
    passed += life * STEP;
    const { standing, exchange } = await scene.asks(visitor);
    const evidence = [`a look each ${span(life * STEP)}; after ${span(passed)}:`, ...told(exchange)];
    if (standing === 'out') return ok(id, `a session in use ended within ${span(passed)}`, evidence);
    if (standing === 'unclear')
      return notTested(
        id,
        `after ${span(passed)} in use ${exchange.method} ${exchange.path} was answered ${exchange.status}, which tells neither`,
      );
  }
  return advise(id, `a session in use was still logged in after ${span(passed)}`, [
    `${MOST_LOOKS} looks, one each ${span(life * STEP)}`,
  ]);
}
