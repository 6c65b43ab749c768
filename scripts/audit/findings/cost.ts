import type { StoreCall } from '../app/control.ts';
import { play } from '../browse/action.ts';
import { shape } from './contents.ts';
import { told } from './evidence.ts';
import { advise, type Finding, mend, NotTestable, notTested, ok } from './finding.ts';
import type { Scene } from './scene.ts';

/** 'get, set', or 'nothing'. */
const inBrief = (calls: readonly StoreCall[]) =>
  calls.map(({ operation }) => operation).join(', ') || 'nothing';
const noStore = (scene: Scene) => scene.setup?.library === 'cookie-session';

/** Is anything kept of a visitor who only looks? */
export async function checkLooking(scene: Scene): Promise<Finding[]> {
  const id = 'look-stores-nothing';
  const pages = scene.way.pages.filter(({ exchange }) => exchange.status === 200).slice(0, 5);
  if (pages.length === 0) throw new NotTestable('no page was found that answers a visitor with 200');
  for (const { asked } of pages) {
    const visitor = scene.visitor();
    const { result, calls } = await scene.callsDuring(() => visitor.get(asked));
    const [written] = calls.filter(({ operation }) => operation === 'set');
    if (written) {
      const { cookie: _cookie, ...data } = JSON.parse(written.data ?? '{}');
      const what = Object.keys(data).length === 0 ? 'an empty session' : `a session with ${shape(data)}`;
      return [
        mend(id, `a first look at ${asked} stores ${what}`, [
          ...told(result),
          `the store got: ${inBrief(calls)}`,
        ]),
      ];
    }
    if (noStore(scene) && scene.id(visitor) !== undefined)
      return [advise(id, `a first look at ${asked} sets a session cookie`, told(result))];
  }
  const names = pages.map(({ asked }) => asked).join(', ');
  return [ok(id, `a first look stores nothing (${names})`, [`GET ${names}: the store got no set`])];
}

/** What do a look, a change and a static file cost a logged-in visitor? */
export async function checkCosts(scene: Scene): Promise<Finding[]> {
  if (noStore(scene))
    return (['unchanged-write', 'static-cost', 'page-cost'] as const).map((id) =>
      notTested(id, 'cookie-session has no store'),
    );
  const visitor = scene.way.logIn ? await scene.loggedIn() : scene.visitor();
  const path =
    scene.way.probe?.path ?? scene.way.pages.find(({ exchange }) => exchange.status === 200)?.asked;
  if (path === undefined) throw new NotTestable('no page was found that answers with 200');
  // What a page does only the first time, such as showing a message once, is over after two looks.
  for (const _look of ['first', 'second']) await visitor.get(path);
  const id = scene.id(visitor);
  if (id === undefined)
    return (['unchanged-write', 'static-cost', 'page-cost'] as const).map((each) =>
      notTested(each, 'no visitor was found who has a session'),
    );
  const before = await scene.stored(id);
  const look = await scene.callsDuring(() => visitor.get(path));
  const after = await scene.stored(id);
  return [
    ofUnchanged(scene, look.calls, before, after, [
      ...told(look.result),
      `the store got: ${inBrief(look.calls)}`,
    ]),
    await ofFiles(scene, visitor),
    await ofPage(scene, visitor, `GET ${path}: ${inBrief(look.calls)}`),
  ];
}

const withoutEnd = (session: Record<string, unknown> | undefined) => {
  const { cookie: _cookie, ...data } = session ?? {};
  return JSON.stringify(data);
};

function ofUnchanged(
  scene: Scene,
  calls: readonly StoreCall[],
  before: Record<string, unknown> | undefined,
  after: Record<string, unknown> | undefined,
  evidence: string[],
): Finding {
  const id = 'unchanged-write';
  if (!calls.some(({ operation }) => operation === 'set'))
    return ok(id, 'a look that changes nothing writes no session', evidence);
  if (withoutEnd(before) !== withoutEnd(after))
    return advise(id, `a look changes the session, and so writes it: ${shape(after)}`, evidence);
  if (scene.setup?.resave === true)
    return mend(id, 'a look that changes nothing writes the whole session again (resave is true)', evidence);
  if (scene.setup?.resave === undefined)
    return mend(
      id,
      'a look that changes nothing writes the whole session again (resave is not set, and then it is true)',
      evidence,
    );
  return advise(id, 'a look that changes nothing but the end of the session writes it whole', evidence);
}

async function ofFiles(
  scene: Scene,
  visitor: { get: (path: string) => Promise<import('../browse/visitor.ts').Exchange> },
): Promise<Finding> {
  const id = 'static-cost';
  for (const file of scene.way.files.slice(0, 5)) {
    const { result, calls } = await scene.callsDuring(() => visitor.get(file));
    if (result.status !== 200) continue;
    const evidence = [...told(result), `the store got: ${inBrief(calls)}`];
    return calls.length === 0
      ? ok(id, `${file} costs the store nothing`, evidence)
      : advise(
          id,
          `${file} costs the store ${calls.length === 1 ? 'a call' : `${calls.length} calls`}: ${inBrief(calls)}`,
          evidence,
        );
  }
  return notTested(id, 'no page names a file of this app that is there');
}

/** How many calls of the store one page may cost: a read, and a write of the end or of a change. */
const MOST_CALLS = 2;

async function ofPage(
  scene: Scene,
  visitor: import('../browse/visitor.ts').Visitor,
  look: string,
): Promise<Finding> {
  const { change, account } = scene.way;
  const lines = [look];
  if (change) {
    const { result, calls } = await scene.callsDuring(() => play(visitor, change, account));
    lines.push(
      `${change.method} ${change.path} and where it leads (${result.all.length} requests): ${inBrief(calls)}`,
    );
  }
  const count =
    look
      .split(': ')[1]
      ?.split(', ')
      .filter((each) => each !== 'nothing').length ?? 0;
  return count > MOST_CALLS
    ? advise('page-cost', `a look costs ${count} calls of the store`, lines)
    : ok('page-cost', `a look costs ${count} ${count === 1 ? 'call' : 'calls'} of the store`, lines);
}
