import { setTimeout as delay } from 'node:timers/promises';
import { AppDown, type RunningApp } from '../app/running-app.ts';
import { inWords, play } from '../browse/action.ts';
import { type Exchange, NoAnswer, Visitor } from '../browse/visitor.ts';
import type { FindingId } from './catalogue.ts';
import { seconds, told, toldOf } from './evidence.ts';
import { advise, type Finding, mend, NotTestable, notTested, ok } from './finding.ts';
import type { Scene } from './scene.ts';
import { backendOf } from './store.ts';

/** An answer that takes longer is none, in milliseconds: visitors and load balancers have gone by then. */
const IN_TIME = 10_000;
/** How long the app may take to work again when the database is back, in milliseconds. */
const RECOVERY = 20_000;
/** How often it is asked meanwhile. */
const EACH = 500;

/** The database of the sessions is down, or silent, and comes back. */
export async function checkOutage(scene: Scene): Promise<Finding[]> {
  const database = await backendOf(scene);
  const findings: Finding[] = [];
  for (const id of ['outage-refused', 'outage-silent'] as const) {
    const visitor = await scene.loggedIn();
    visitor.patience = IN_TIME;
    if (id === 'outage-refused') await database.refuse();
    else database.hang();
    const answer = await asked(scene, visitor);
    await database.behave();
    findings.push(ofAnswer(scene, id, answer));
    if (id === 'outage-refused' || scene.app.hasEnded) findings.push(await ofRecovery(scene, visitor));
    if (scene.app.hasEnded) break;
  }
  return findings;
}

type Asked = { exchange: Exchange; standing: string } | NoAnswer;

async function asked(scene: Scene, visitor: Visitor): Promise<Asked> {
  try {
    return await scene.asks(visitor);
  } catch (error) {
    if (error instanceof NoAnswer) return error;
    throw error;
  }
}

function ofAnswer(scene: Scene, id: FindingId, answer: Asked): Finding {
  const what = `GET ${scene.way.probe?.path} of a logged-in visitor`;
  const evidence = toldOf(what, answer instanceof NoAnswer ? answer : answer.exchange);
  if (scene.app.hasEnded) return mend(id, 'its process ended', evidence);
  if (answer instanceof NoAnswer)
    return mend(id, answer.isLate ? `no answer within ${IN_TIME / 1000} s` : answer.message, evidence);
  const { exchange, standing } = answer;
  const { status, ms } = exchange;
  if (status === 503) return ok(id, `503 after ${seconds(ms)}`, evidence);
  if (status >= 500)
    return advise(
      id,
      `${status} after ${seconds(ms)}; 503 would say that it is worth trying again`,
      evidence,
    );
  if (standing === 'out')
    return mend(
      id,
      `after ${seconds(ms)} the visitor gets the page of a stranger, as if they had logged out`,
      evidence,
    );
  if (standing === 'in')
    return notTested(id, 'the page came as always: the app did not need the database for it');
  return notTested(id, `the answer was ${status}, which tells neither`);
}

async function ofRecovery(scene: Scene, visitor: Visitor): Promise<Finding> {
  const id = 'outage-recovery';
  const began = performance.now();
  let last: Asked | undefined;
  while (performance.now() - began < RECOVERY) {
    if (scene.app.hasEnded)
      return mend(id, `its process ${await scene.app.ended}`, ['the database was away, and is back']);
    last = await asked(scene, visitor);
    if (!(last instanceof NoAnswer) && last.standing === 'in')
      return ok(
        id,
        `the visitor is logged in again ${seconds(performance.now() - began)} after the database is back`,
        told(last.exchange),
      );
    await delay(EACH);
  }
  const evidence = last
    ? toldOf(`GET ${scene.way.probe?.path}`, last instanceof NoAnswer ? last : last.exchange)
    : [];
  return mend(
    id,
    `${RECOVERY / 1000} s after the database is back the visitor is not served as before`,
    evidence,
  );
}

/** A login whose session cannot be written: is it confirmed all the same? */
export async function checkLoss(scene: Scene): Promise<Finding[]> {
  const id = 'outage-loss';
  const database = await backendOf(scene);
  if (!database.failWrites)
    throw new NotTestable('only writes to MongoDB can be made to fail, and the sessions are in Redis');
  const { logIn, account } = scene.way;
  if (!logIn) throw new NotTestable(scene.noLogin);
  const usual = await play(scene.visitor(), logIn, account);
  const visitor = scene.visitor();
  visitor.patience = IN_TIME;
  database.failWrites();
  let answer: Exchange | NoAnswer;
  try {
    answer = await play(visitor, logIn, account).then(
      ({ acted }) => acted,
      (error: unknown) => {
        if (error instanceof NoAnswer) return error;
        throw error;
      },
    );
  } finally {
    await database.behave();
  }
  const evidence = [
    `while each write of a session fails: ${inWords(logIn)}`,
    ...toldOf(inWords(logIn), answer),
  ];
  if (answer instanceof NoAnswer) return [notTested(id, `the login had no answer: ${answer.message}`)];
  if (answer.status >= 500) return [ok(id, `the login is answered ${answer.status}`, evidence)];
  const isUsual =
    answer.status === usual.acted.status && answer.headers.location === usual.acted.headers.location;
  if (!isUsual)
    return [
      notTested(
        id,
        `the login was answered ${answer.status}, and otherwise ${usual.acted.status}: whether that confirms it, the audit cannot tell`,
      ),
    ];
  if (!database.wroteNothing()) return [notTested(id, 'the login wrote no session that could fail')];
  const { standing, exchange } = await scene.asks(visitor);
  const after = [...evidence, 'then, with the database well again:', ...told(exchange)];
  if (standing === 'out')
    return [mend(id, 'a login that was not stored is answered like one that was', after)];
  return [
    standing === 'in'
      ? ok(id, 'the login is stored after all', after)
      : notTested(id, 'whether the login was kept cannot be told'),
  ];
}

/** How long the database is away at the start, in milliseconds: drivers give up their first connection after 30 s. */
const AWAY = 33_000;

/** A start without the database: does it end, or live, and does it work when the database comes? */
export async function checkStart(scene: Scene, left: number): Promise<Finding[]> {
  const database = await backendOf(scene);
  if (left < AWAY)
    throw new NotTestable(`it takes ${AWAY / 1000} s and more, and the time is over (--budget 180)`);
  await database.refuse();
  const starting = scene.deployment
    .start({ ahead: scene.clock.ahead, startLimit: AWAY + RECOVERY })
    .catch((error: unknown) => {
      if (error instanceof AppDown) return error;
      throw error;
    });
  let first: RunningApp | AppDown | undefined;
  try {
    first = await Promise.race([starting, delay(AWAY, undefined, { ref: false })]);
    // One that listens without its database may give up later.
    if (first && !(first instanceof AppDown))
      await Promise.race([first.ended, delay(AWAY, undefined, { ref: false })]);
  } finally {
    await database.behave();
  }
  const app = await starting;
  if (app instanceof AppDown) return [ofDown(app, first !== undefined)];
  try {
    return [await ofLateDatabase(scene, app)];
  } finally {
    scene.heard(app.output.text);
    await scene.deployment.end(app);
  }
}

function ofDown({ kind, message, output }: AppDown, whileAway: boolean): Finding {
  const id = 'outage-start';
  const printed = output
    .trim()
    .split('\n')
    .filter(Boolean)
    .slice(-2)
    .map((line) => `  ${line.slice(0, 140)}`);
  const evidence = ['started while the database refuses connections:', message, ...printed];
  if (kind === 'ended' && /exit code 0/.test(message))
    return advise(
      id,
      'its process ends with exit code 0, which tells a process manager that all is well',
      evidence,
    );
  if (kind === 'ended')
    return ok(
      id,
      `${message}${whileAway ? '' : ' when the database was back'}: a process manager starts it again`,
      evidence,
    );
  return mend(id, 'it does not listen, neither without the database nor when it is back', evidence);
}

async function ofLateDatabase(scene: Scene, app: RunningApp): Promise<Finding> {
  const id = 'outage-start';
  const evidence = [
    `the database refuses connections for ${AWAY / 1000} s from the start on, then it is back`,
  ];
  if (app.hasEnded)
    return ok(id, `its process ${await app.ended}: a process manager starts it again`, evidence);
  const { logIn, account, signUp } = scene.way;
  if (!logIn) throw new NotTestable(scene.noLogin);
  const began = performance.now();
  let last: string[] = [];
  while (performance.now() - began < RECOVERY) {
    const visitor = new Visitor(app, scene.clock);
    visitor.patience = IN_TIME;
    try {
      if (signUp) await play(visitor, signUp, account);
      const { acted } = await play(visitor, logIn, account);
      const { standing, exchange } = await scene.asks(visitor);
      last = [...told(acted), ...told(exchange)];
      if (standing === 'in')
        return ok(id, 'it lives, and serves when the database is back', [...evidence, ...last]);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      last = [error.message];
    }
    if (app.hasEnded)
      return ok(id, `its process ${await app.ended}: a process manager starts it again`, evidence);
    await delay(EACH);
  }
  return mend(id, `it lives, and ${RECOVERY / 1000} s after the database is back nobody can log in`, [
    ...evidence,
    ...last,
  ]);
}
