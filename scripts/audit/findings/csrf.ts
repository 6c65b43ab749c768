import type { StoreCall } from '../app/control.ts';
import { type Action, inWords, play, prepare } from '../browse/action.ts';
import type { Exchange, Sending, Visitor } from '../browse/visitor.ts';
import { anySessionCookie } from './baseline.ts';
import { told } from './evidence.ts';
import { advise, type Finding, mend, NotTestable, notTested, ok } from './finding.ts';
import type { Scene } from './scene.ts';

const TOKENS = /csrf|xsrf|token|authenticity|nonce/i;
/** What a browser says of a form on a page of another site. */
const OTHER_SITE = {
  Origin: 'https://elsewhere.example',
  Referer: 'https://elsewhere.example/',
  'Sec-Fetch-Site': 'cross-site',
  'Sec-Fetch-Mode': 'navigate',
} as const;
const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify']);

/** Does a request that a page of another site can make do what the app's own form does? */
export async function checkCsrf(scene: Scene): Promise<Finding[]> {
  const id = 'csrf';
  const { change, logOut } = scene.way;
  const action = change ?? (logOut && logOut.method !== 'GET' ? logOut : undefined);
  if (!action)
    throw new NotTestable(
      'no form was found that changes something for a logged-in visitor; a flow file can say one (--flow)',
    );
  if (action !== logOut) return [await ofChange(scene, action)];
  const visitor = await scene.loggedIn();
  const acted = await visitor.request(action.method, action.path, await forged(visitor, action, scene));
  const { standing } = await scene.asks(visitor);
  const evidence = [`${inWords(action)}, from another site and without a token:`, ...told(acted)];
  if (standing === 'in') return [ok(id, 'the logout of another site is refused', evidence)];
  if (standing === 'out')
    return [await accepted(scene, 'a form of another site logs the visitor out', evidence)];
  return [notTested(id, 'the answer after the forged logout tells neither')];
}

async function ofChange(scene: Scene, action: Action): Promise<Finding> {
  const id = 'csrf';
  const own = await scene.loggedIn();
  const legit = await effect(scene, own, async () => (await play(own, action, scene.way.account)).acted);
  if (legit.acted.status >= 400)
    return notTested(
      id,
      `${inWords(action)} was answered ${legit.acted.status} when it came from the app's own page`,
    );
  const victim = await scene.loggedIn();
  const sending = await forged(victim, action, scene);
  const other = await effect(scene, victim, () => victim.request(action.method, action.path, sending));
  const evidence = [
    `${inWords(action)}, from the app's own page:`,
    ...told(legit.acted),
    'from another site and without a token:',
    ...told(other.acted),
    `${other.writes} writes to the databases, and ${legit.writes} from the app's own page`,
  ];
  if (other.acted.status >= 400 || other.acted.status !== legit.acted.status)
    return ok(id, `the form of another site is refused (${other.acted.status})`, evidence);
  if (legit.writes > 0 && other.writes === 0)
    return ok(id, 'the form of another site changes nothing', evidence);
  if (legit.writes === 0) return notTested(id, `${inWords(action)} writes nothing that the audit could see`);
  return accepted(scene, 'a form of another site changes what the own form changes', evidence);
}

/** SameSite keeps most browsers from sending the cookie along: then it is the only guard. */
async function accepted(scene: Scene, seen: string, evidence: readonly string[]): Promise<Finding> {
  const { cookie } = await anySessionCookie(scene);
  const value = cookie.sameSite?.toLowerCase();
  if (value === 'lax' || value === 'strict')
    return advise(
      'csrf',
      `${seen}, once its cookie is sent along; SameSite=${cookie.sameSite} is the only guard`,
      evidence,
    );
  return mend('csrf', `${seen}, and nothing keeps the cookie from being sent along`, evidence);
}

/** The request as another site can make it: no token, no header of its own, and no type that needs to be asked for. */
async function forged(visitor: Visitor, action: Action, { way }: Scene): Promise<Sending> {
  const { form, json } = await prepare(visitor, action, way.account);
  if (form) {
    const fields = Object.fromEntries(Object.entries(form).filter(([name]) => !TOKENS.test(name)));
    return { form: fields, headers: OTHER_SITE };
  }
  return { ...(json !== undefined && { json }), headers: { ...OTHER_SITE, 'Content-Type': 'text/plain' } };
}

async function effect(
  scene: Scene,
  visitor: Visitor,
  work: () => Promise<Exchange>,
): Promise<{ acted: Exchange; writes: number }> {
  const id = scene.id(visitor);
  const before = id === undefined ? undefined : await scene.stored(id);
  const { tap } = scene.deployment.backends;
  tap.forget();
  const { result, calls } = await scene.callsDuring(work);
  // Sessions are counted by the calls of their store.
  const inMongo = tap
    .commands()
    .filter(({ name, collection = '' }) => WRITES.has(name) && !/session/i.test(collection));
  const ofSession = calls.filter((call) => isChange(call, before)).length;
  return { acted: result, writes: inMongo.length + ofSession };
}

/** Whether a call stores something else than what was there, the end of the session apart. */
function isChange({ operation, data }: StoreCall, before: Record<string, unknown> | undefined): boolean {
  if (operation !== 'set' || !data) return false;
  const { cookie: _now, ...now } = JSON.parse(data);
  const { cookie: _then, ...then } = before ?? {};
  return JSON.stringify(now) !== JSON.stringify(then);
}
