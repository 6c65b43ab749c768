import { setTimeout as delay } from 'node:timers/promises';
import { isOver } from '../../shared/fair-time.ts';
import { AppDown, type RunningApp } from '../app/running-app.ts';
import { play } from '../browse/action.ts';
import { NoAnswer } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';
import { printed, told } from './evidence.ts';
import { advise, type Finding, mend, NotTestable, ok } from './finding.ts';
import { EACH, IN_TIME, RECOVERY } from './outage.ts';
import { backendOf } from './session-backend.ts';

/** How long the database is away at the start, in milliseconds: drivers give up on their first connection after 30 s. */
const AWAY = 33_000;

/** A start without the database: does the app end or run on, and does it work when the database comes? */
export async function checkStart(context: AuditContext, left: number): Promise<Finding[]> {
  const database = await backendOf(context);
  await context.mustBeInSession();
  if (left < AWAY)
    throw new NotTestable(`it takes ${AWAY / 1000} s and more, and the time is over (--budget 180)`);
  await database.refuse();
  const starting = context.deployment
    .start({ ahead: context.clock.ahead, startLimit: AWAY + RECOVERY })
    .catch((error: unknown) => {
      if (error instanceof AppDown) return error;
      throw error;
    });
  let first: RunningApp | AppDown | undefined;
  try {
    first = await Promise.race([starting, delay(AWAY, undefined, { ref: false })]);
    // An app that listens without its database may give up later.
    if (first && !(first instanceof AppDown))
      await Promise.race([first.ended, delay(AWAY, undefined, { ref: false })]);
  } finally {
    await database.behave();
  }
  const app = await starting;
  if (app instanceof AppDown) return [ofDown(app, first !== undefined)];
  try {
    return [await ofLateDatabase(context, app)];
  } finally {
    context.heard(app.output.text);
    await context.deployment.end(app);
  }
}

function ofDown({ kind, message, output }: AppDown, whileAway: boolean): Finding {
  const id = 'outage-start';
  const evidence = ['started while the database refuses connections:', message, ...printed(output)];
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

async function ofLateDatabase(context: AuditContext, app: RunningApp): Promise<Finding> {
  const id = 'outage-start';
  const evidence = [
    `the database refuses connections for ${AWAY / 1000} s from the start on, then it is back`,
  ];
  if (app.hasEnded)
    return ok(id, `its process ${await app.ended}: a process manager starts it again`, evidence);
  const { logIn, account, signUp } = context.way;
  if (!logIn) throw new NotTestable(context.noLogin);
  const began = performance.now();
  let last: string[] = [];
  while (!isOver(began, RECOVERY)) {
    const visitor = context.visitor({}, app);
    visitor.limitMs = IN_TIME;
    try {
      if (signUp) await play(visitor, signUp, account);
      const { acted } = await play(visitor, logIn, account);
      const { standing, exchange } = await context.asks(visitor);
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
