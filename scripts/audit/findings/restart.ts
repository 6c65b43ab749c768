import type { StoreCall } from '../app/control.ts';
import { AppDown } from '../app/running-app.ts';
import { told } from './evidence.ts';
import { type Finding, mend, notTested, ok } from './finding.ts';
import type { Scene } from './scene.ts';

/** How long an app may take to end when it is asked to, in milliseconds. Process managers then kill it. */
const GRACE = 10_000;

/** Is a visitor still logged in after the process was ended, politely and not? */
export async function checkRestart(scene: Scene): Promise<Finding[]> {
  const visitor = await scene.loggedIn();
  const findings: Finding[] = [];
  for (const id of ['restart', 'kill'] as const) {
    const how = id === 'kill' ? 'was killed' : await politely(scene);
    await scene.restart();
    visitor.goesTo(scene.app);
    const { result, calls } = await scene.callsDuring(() => scene.asks(visitor));
    const { standing, exchange } = result;
    const evidence = [`its process ${how}, and a new one started`, ...told(exchange)];
    if (standing === 'in') findings.push(ok(id, 'the visitor is still logged in', evidence));
    else if (wasFound(calls)) findings.push(notTested(id, USERS_GONE));
    else if (standing === 'out')
      findings.push(mend(id, `the visitor is logged out: ${why(scene)}`, evidence));
    else
      findings.push(
        notTested(
          id,
          `${exchange.method} ${exchange.path} was answered ${exchange.status}, which tells neither`,
        ),
      );
    if (standing !== 'in') {
      if (id === 'restart') findings.push({ ...(findings.at(-1) as Finding), id: 'kill' });
      break;
    }
  }
  return findings;
}

/** The session is there, and what it leads to is not. */
const USERS_GONE =
  'the new process found the session in the store, and yet shows the page of a stranger: its users may be in memory';
const wasFound = (calls: readonly StoreCall[]) =>
  calls.some(({ operation, found }) => operation === 'get' && found);

async function politely(scene: Scene): Promise<string> {
  if (process.platform === 'win32') return 'was ended';
  const how = await scene.app.terminate(GRACE);
  if (how === undefined) return `went on for ${GRACE / 1000} s after SIGTERM and was killed`;
  return how.includes('SIGTERM') ? how : `${how} after SIGTERM`;
}

function why({ setup }: Scene): string {
  if (setup?.store === 'MemoryStore') return 'its session was in the memory of the process';
  return 'the record is lost, or the new process signs with another secret';
}

/** Does a second instance know who logged in at the first? */
export async function checkTwoInstances(scene: Scene): Promise<Finding[]> {
  const id = 'two-instances';
  const visitor = await scene.loggedIn();
  let second: Awaited<ReturnType<typeof scene.deployment.start>>;
  try {
    second = await scene.deployment.start({ ahead: scene.clock.ahead });
  } catch (error) {
    if (error instanceof AppDown)
      return [notTested(id, `a second instance did not start beside the first: ${error.message}`)];
    throw error;
  }
  try {
    const other = visitor.copy();
    other.goesTo(second);
    const mark = await second.mark();
    const { standing, exchange } = await scene.asks(other);
    const evidence = ['logged in at the first instance, then at the second:', ...told(exchange)];
    if (standing === 'in') return [ok(id, 'the second instance knows the visitor', evidence)];
    if (wasFound(await second.calls(mark))) return [notTested(id, USERS_GONE)];
    if (standing === 'out')
      return [mend(id, `the second instance does not know the visitor: ${why(scene)}`, evidence)];
    return [notTested(id, 'the answer of the second instance tells neither')];
  } finally {
    scene.heard(second.output.text);
    await scene.deployment.end(second);
  }
}
