import type { StoreCall } from '../app/control.ts';
import { AppDown } from '../app/running-app.ts';
import type { AuditContext } from './audit-context.ts';
import { told } from './evidence.ts';
import { type Finding, mend, notTested, ok } from './finding.ts';

/** How long an app may take to end after SIGTERM, in milliseconds. Process managers then kill it. */
const GRACE = 10_000;

/** Is a visitor still logged in after the process was ended, by SIGTERM and by a kill? */
export async function checkRestart(context: AuditContext): Promise<Finding[]> {
  const visitor = await context.loggedIn();
  const findings: Finding[] = [];
  for (const id of ['restart', 'kill'] as const) {
    const how = id === 'kill' ? 'was killed' : await politely(context);
    await context.restart();
    visitor.goesTo(context.app);
    const { result, calls } = await context.callsDuring(() => context.asks(visitor));
    const { standing, exchange } = result;
    const evidence = [`its process ${how}, and a new one started`, ...told(exchange)];
    if (standing === 'in') findings.push(ok(id, 'the visitor is still logged in', evidence));
    else if (wasFound(calls)) findings.push(notTested(id, USERS_GONE));
    else if (standing === 'out')
      findings.push(mend(id, `the visitor is logged out: ${why(context)}`, evidence));
    else
      findings.push(
        notTested(
          id,
          `${exchange.method} ${exchange.path} was answered ${exchange.status}, which tells neither`,
        ),
      );
    if (standing !== 'in') {
      if (id === 'restart') findings.push(taken(findings.at(-1) as Finding));
      break;
    }
  }
  return findings;
}

/** A crash loses what a restart loses: it is not tested. */
const taken = (restart: Finding): Finding => ({
  ...restart,
  id: 'kill',
  evidence: [...restart.evidence, 'not killed as well: what a polite end loses, a kill cannot keep'],
});

/** The session is there, but not its user. */
const USERS_GONE =
  'the new process found the session in the store, and yet shows the page of a stranger: its users may be in memory';
const wasFound = (calls: readonly StoreCall[]) =>
  calls.some(({ operation, found }) => operation === 'get' && found);

async function politely(context: AuditContext): Promise<string> {
  if (process.platform === 'win32') return 'was ended';
  const how = await context.app.terminate(GRACE);
  if (how === undefined) return `went on for ${GRACE / 1000} s after SIGTERM and was killed`;
  return how.includes('SIGTERM') ? how : `${how} after SIGTERM`;
}

function why({ setup }: AuditContext): string {
  if (setup?.store === 'MemoryStore') return 'its session was in the memory of the process';
  return 'the record is lost, or the new process signs with another secret';
}

/** Does a second instance know who logged in at the first? */
export async function checkTwoInstances(context: AuditContext): Promise<Finding[]> {
  const id = 'two-instances';
  const visitor = await context.loggedIn();
  let second: Awaited<ReturnType<typeof context.deployment.start>>;
  try {
    second = await context.deployment.start({ ahead: context.clock.ahead });
  } catch (error) {
    if (error instanceof AppDown)
      return [notTested(id, `a second instance did not start beside the first: ${error.message}`)];
    throw error;
  }
  try {
    const other = visitor.copy();
    other.goesTo(second);
    const mark = await second.mark();
    const { standing, exchange } = await context.asks(other);
    const evidence = ['logged in at the first instance, then at the second:', ...told(exchange)];
    if (standing === 'in') return [ok(id, 'the second instance knows the visitor', evidence)];
    if (wasFound(await second.calls(mark))) return [notTested(id, USERS_GONE)];
    if (standing === 'out')
      return [mend(id, `the second instance does not know the visitor: ${why(context)}`, evidence)];
    return [notTested(id, 'the answer of the second instance tells neither')];
  } finally {
    context.heard(second.output.text);
    await context.deployment.end(second);
  }
}
