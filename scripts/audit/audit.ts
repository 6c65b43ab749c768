import { EnvironmentError } from '../shared/errors.ts';
import { limitNow } from '../shared/fair-time.ts';
import { Deployment, type StartOptions } from './app/deployment.ts';
import { startedOrSaid } from './app/first-start.ts';
import { lastWords } from './app/output.ts';
import { AppDown } from './app/running-app.ts';
import { type AuditResult, described } from './audit-result.ts';
import { frontEndOf } from './browse/front-end.ts';
import { NoAnswer } from './browse/visitor.ts';
import type { Flow } from './browse/way.ts';
import { CHECKS } from './checks.ts';
import { AuditContext } from './findings/audit-context.ts';
import { FINDING_IDS, type FindingId } from './findings/catalogue.ts';
import { type Finding, NotTestable, notTested } from './findings/finding.ts';
import { findLastingWay } from './lasting-way.ts';

/** The options of an audit. */
export interface AuditOptions extends StartOptions {
  readonly flow: Flow;
  /** The findings that are wanted. */
  readonly wanted: readonly FindingId[];
  /** How long the whole audit may take, in milliseconds; longer on a busy machine. Checks that do not begin in time are not run. */
  readonly budget: number;
  /** Called with what runs now. */
  readonly progress: (doing: string) => void;
}

/**
 * Starts an app, plays shoppers on it, and ends it.
 * @throws {UsageError} or {EnvironmentError} when it cannot be audited
 */
export async function audit(folder: string, options: AuditOptions): Promise<AuditResult> {
  const began = performance.now();
  options.progress('starting the app');
  const deployment = await Deployment.open(folder, options);
  try {
    const app = await startedOrSaid(deployment);
    const context = new AuditContext(deployment, app);
    if (!context.setup)
      throw new EnvironmentError(
        'This app has set up neither express-session nor cookie-session by the time it answers, so it has no sessions that the audit could look at.',
      );
    options.progress('finding sign-up, login and logout');
    context.frontEnd = await frontEndOf(
      context.visitor(),
      deployment.sources,
      deployment.environment?.values,
    );
    const notes = await findLastingWay(context, options.flow);
    const findings = await runChecks(context, options, began);
    return {
      ...described(context, notes),
      findings,
      seconds: Math.round((performance.now() - began) / 100) / 10,
    };
  } finally {
    await deployment.stop();
  }
}

async function runChecks(
  context: AuditContext,
  { wanted, budget, progress }: AuditOptions,
  began: number,
): Promise<Finding[]> {
  const found = new Map<FindingId, Finding>();
  for (const { ids, run, atOnce } of CHECKS) {
    const asked = ids.filter((id) => wanted.includes(id));
    if (asked.length === 0) continue;
    progress(asked.join(', '));
    // A busy machine needs longer for the same work.
    const left = limitNow(budget) - (performance.now() - began);
    const findings =
      left < 0 && !atOnce
        ? ids.map((id) => notTested(id, `the time was over (--budget ${budget / 1000})`))
        : await runOne(context, ids, (each) => run(each, left));
    for (const finding of findings) found.set(finding.id, finding);
  }
  return FINDING_IDS.filter((id) => wanted.includes(id)).flatMap((id) => found.get(id) ?? []);
}

async function runOne(
  context: AuditContext,
  ids: readonly FindingId[],
  run: (context: AuditContext) => Promise<Finding[]>,
): Promise<Finding[]> {
  let findings: Finding[] = [];
  let why = 'the check told nothing of it';
  // The app may have ended for another reason: runs the check once more.
  for (const isLast of [false, true]) {
    try {
      if (await context.app.isDown()) await context.restart();
      findings = await run(context);
      break;
    } catch (error) {
      why = reason(error);
      if (isLast || !(error instanceof NoAnswer) || !(await context.app.isDown())) break;
    }
  }
  return ids.map((id) => findings.find((finding) => finding.id === id) ?? notTested(id, why));
}

function reason(error: unknown): string {
  if (error instanceof NotTestable) return error.message;
  if (error instanceof NoAnswer) return `the app did not answer: ${error.message}`;
  if (error instanceof AppDown)
    return `the app did not start again: ${error.message}; it printed: ${lastWords(error.output)}`;
  return `the check itself failed: ${error instanceof Error ? error.message : String(error)}`;
}
