import type { StoreCall } from '../app/control.ts';
import { type Action, describeAction, play, prepare } from '../browse/action.ts';
import type { Exchange, Sending, Visitor } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';
import { judgedCookie } from './cookie.ts';
import { refusedByCors } from './cors.ts';
import { told } from './evidence.ts';
import { advise, type Finding, mend, NotTestable, notTested, ok } from './finding.ts';

const TOKENS = /csrf|xsrf|token|authenticity|nonce/i;
const ELSEWHERE = 'https://elsewhere.example';
/** The headers of a browser for a form on a page of another site. */
const OTHER_SITE = {
  Origin: ELSEWHERE,
  Referer: `${ELSEWHERE}/`,
  'Sec-Fetch-Site': 'cross-site',
  'Sec-Fetch-Mode': 'navigate',
} as const;
const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify']);

/** Can a request from a page of another site do what the app's own form does? */
export async function checkCsrf(context: AuditContext): Promise<Finding[]> {
  const { change, logOut } = context.way;
  const posted = logOut && logOut.method !== 'GET' ? logOut : undefined;
  if (!change && !posted)
    throw new NotTestable(
      'no form was found that changes something for a logged-in visitor; a flow file can say one (--flow)',
    );
  const tested =
    change && ((await refusedByCors(context, change, ELSEWHERE)) ?? (await ofChange(context, change)));
  // A form that fails, or changes nothing, shows nothing: then the logout does.
  if (tested && (tested.verdict !== 'not-tested' || !posted)) return [tested];
  if (!posted) return [];
  return [(await refusedByCors(context, posted, ELSEWHERE)) ?? (await ofLogOut(context, posted))];
}

async function ofLogOut(context: AuditContext, action: Action): Promise<Finding> {
  const id = 'csrf';
  const visitor = await context.loggedIn();
  const acted = await visitor.request(action.method, action.path, await forged(visitor, action, context));
  const { standing } = await context.asks(visitor);
  const evidence = [`${describeAction(action)}, from another site and without a token:`, ...told(acted)];
  if (standing === 'in') return ok(id, 'the logout of another site is refused', evidence);
  if (standing === 'out') return accepted(context, 'a form of another site logs the visitor out', evidence);
  return notTested(id, 'the answer after the forged logout tells neither');
}

async function ofChange(context: AuditContext, action: Action): Promise<Finding> {
  const id = 'csrf';
  const own = await context.loggedIn();
  const legit = await effect(context, own, async () => (await play(own, action, context.way.account)).acted);
  if (legit.acted.status >= 400)
    return notTested(
      id,
      `${describeAction(action)} was answered ${legit.acted.status} when it came from the app's own page`,
    );
  const victim = await context.loggedIn();
  const sending = await forged(victim, action, context);
  const other = await effect(context, victim, () => victim.request(action.method, action.path, sending));
  const evidence = [
    `${describeAction(action)}, from the app's own page:`,
    ...told(legit.acted),
    'from another site and without a token:',
    ...told(other.acted),
    `${other.writes} writes to the databases, and ${legit.writes} from the app's own page`,
  ];
  if (other.acted.status >= 400 || other.acted.status !== legit.acted.status)
    return ok(id, `the form of another site is refused (${other.acted.status})`, evidence);
  if (legit.writes > 0 && other.writes === 0)
    return ok(id, 'the form of another site changes nothing', evidence);
  if (legit.writes === 0)
    return notTested(id, `${describeAction(action)} writes nothing that the audit could see`);
  return accepted(context, 'a form of another site changes what the own form changes', evidence);
}

/** With SameSite most browsers do not send the cookie: then it is the only protection. */
async function accepted(context: AuditContext, seen: string, evidence: readonly string[]): Promise<Finding> {
  const { cookie } = await judgedCookie(context);
  const value = cookie.sameSite?.toLowerCase();
  if (value === 'lax' || value === 'strict')
    return advise(
      'csrf',
      `${seen}, once its cookie is sent along; SameSite=${cookie.sameSite} is the only guard`,
      evidence,
    );
  return mend(
    'csrf',
    `${seen}, and the app has nothing against it: no token, no look at Origin, ${value === 'none' ? 'SameSite=None' : 'no SameSite'}`,
    evidence,
  );
}

/** The request as another site can make it: no token, no custom header, and no Content-Type that needs permission. */
async function forged(visitor: Visitor, action: Action, { way }: AuditContext): Promise<Sending> {
  const { form, files, json } = await prepare(visitor, action, way.account);
  if (form) {
    const fields = Object.fromEntries(Object.entries(form).filter(([name]) => !TOKENS.test(name)));
    return { form: fields, ...(files && { files }), headers: OTHER_SITE };
  }
  // fetch() without a body sends no Content-Type.
  if (json === undefined) return { headers: OTHER_SITE };
  return { json, headers: { ...OTHER_SITE, 'Content-Type': 'text/plain' } };
}

async function effect(
  context: AuditContext,
  visitor: Visitor,
  work: () => Promise<Exchange>,
): Promise<{ acted: Exchange; writes: number }> {
  const id = context.id(visitor);
  const before = id === undefined ? undefined : await context.stored(id);
  const { tap } = context.deployment.backends;
  tap.forget();
  const { result, calls } = await context.callsDuring(work);
  // Writes of sessions are counted by the calls of their store.
  const inMongo = tap
    .commands()
    .filter(({ name, collection = '' }) => WRITES.has(name) && !/session/i.test(collection));
  const ofSession = calls.filter((call) => isChange(call, before)).length;
  return { acted: result, writes: inMongo.length + ofSession };
}

/** Whether a call changes the stored data, apart from the end of the session. */
function isChange({ operation, data }: StoreCall, before: Record<string, unknown> | undefined): boolean {
  if (operation !== 'set' || !data) return false;
  const { cookie: _now, ...now } = JSON.parse(data);
  const { cookie: _then, ...then } = before ?? {};
  return JSON.stringify(now) !== JSON.stringify(then);
}
