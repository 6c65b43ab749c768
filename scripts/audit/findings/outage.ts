import { setTimeout as delay } from 'node:timers/promises';
import { isOver } from '../../shared/fair-time.ts';
import { describeAction, play } from '../browse/action.ts';
import { type Exchange, NoAnswer, type Visitor } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';
import type { FindingId } from './catalogue.ts';
import { printed, seconds, told, toldOf } from './evidence.ts';
import { advise, type Finding, mend, NotTestable, notTested, ok } from './finding.ts';
import { backendOf } from './session-backend.ts';

/** In milliseconds. A later answer counts as none: visitors and load balancers have given up by then. */
export const IN_TIME = 10_000;
/** How long the app may take to work again when the database is back, in milliseconds. */
export const RECOVERY = 20_000;
/** The pause between two requests meanwhile, in milliseconds. */
export const EACH = 500;

/** The database of the sessions is down, or silent, and comes back. */
export async function checkOutage(context: AuditContext): Promise<Finding[]> {
  const database = await backendOf(context);
  const findings: Finding[] = [];
  const recoveries: Finding[] = [];
  for (const id of ['outage-refused', 'outage-silent'] as const) {
    if (await context.app.isDown()) await context.restart();
    const visitor = await context.loggedIn();
    Object.assign(visitor, { limitMs: IN_TIME, isFair: false });
    if (id === 'outage-refused') await database.refuse();
    else database.hang();
    const answer = await asked(context, visitor);
    findings.push(ofAnswer(context, id, answer, await context.app.isDown()));
    await database.behave();
    if (id === 'outage-refused' || (await context.app.isDown()))
      recoveries.push(await ofRecovery(context, visitor));
  }
  const [recovery] = recoveries.toSorted(
    (a, b) => Number(b.verdict === 'mend') - Number(a.verdict === 'mend'),
  );
  return recovery ? [...findings, recovery] : findings;
}

type Asked = { exchange: Exchange; standing: string } | NoAnswer;

async function asked(context: AuditContext, visitor: Visitor): Promise<Asked> {
  try {
    return await context.asks(visitor);
  } catch (error) {
    if (error instanceof NoAnswer) return error;
    throw error;
  }
}

function ofAnswer(context: AuditContext, id: FindingId, answer: Asked, isDown: boolean): Finding {
  const what = `GET ${context.way.probe?.path} of a logged-in visitor`;
  const evidence = toldOf(what, answer instanceof NoAnswer ? answer : answer.exchange);
  if (isDown) return mend(id, 'its process ended', [...evidence, ...printed(context.app.output.text)]);
  if (answer instanceof NoAnswer) return mend(id, answer.message, evidence);
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

async function ofRecovery(context: AuditContext, visitor: Visitor): Promise<Finding> {
  const id = 'outage-recovery';
  const began = performance.now();
  let last: Asked | undefined;
  while (!isOver(began, RECOVERY)) {
    if (await context.app.isDown())
      return mend(id, `its process ${await context.app.howItEnded()}`, [
        'the database was away, and is back',
        ...printed(context.app.output.text),
      ]);
    last = await asked(context, visitor);
    if (!(last instanceof NoAnswer) && last.standing === 'in')
      return ok(
        id,
        `the visitor is logged in again ${seconds(performance.now() - began)} after the database is back`,
        told(last.exchange),
      );
    await delay(EACH);
  }
  const evidence = last
    ? toldOf(`GET ${context.way.probe?.path}`, last instanceof NoAnswer ? last : last.exchange)
    : [];
  return mend(
    id,
    `${RECOVERY / 1000} s after the database is back the visitor is not served as before`,
    evidence,
  );
}

/** A login whose session cannot be written: is it confirmed nevertheless? */
export async function checkLoss(context: AuditContext): Promise<Finding[]> {
  const id = 'outage-loss';
  const database = await backendOf(context);
  if (!database.failWrites)
    throw new NotTestable('only writes to MongoDB can be made to fail, and the sessions are in Redis');
  await context.mustBeInSession();
  const { logIn, account } = context.way;
  if (!logIn) throw new NotTestable(context.noLogin);
  const usual = await play(context.visitor(), logIn, account);
  const visitor = context.visitor();
  visitor.limitMs = IN_TIME;
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
    `while each write of a session fails: ${describeAction(logIn)}`,
    ...toldOf(describeAction(logIn), answer),
  ];
  if (await context.app.isDown())
    return [
      mend(id, 'its process ended, because one session could not be written', [
        ...evidence,
        ...printed(context.app.output.text),
      ]),
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
  if (!database.hasFailedWrite()) return [notTested(id, 'the login wrote no session that could fail')];
  const { standing, exchange } = await context.asks(visitor);
  const after = [...evidence, 'then, with the database well again:', ...told(exchange)];
  if (standing === 'out')
    return [mend(id, 'a login that was not stored is answered like one that was', after)];
  return [
    standing === 'in'
      ? ok(id, 'the login is stored after all', after)
      : notTested(id, 'whether the login was kept cannot be told'),
  ];
}
