import { AppDown } from '../app/running-app.ts';
import type { Action } from '../browse/action.ts';
import type { AuditContext } from './audit-context.ts';
import { type Finding, notTested, ok } from './finding.ts';

const ID = 'csrf';
/** Methods that a page of another site can send without the app's permission. */
const FREE = new Set(['GET', 'POST']);

/**
 * Whether an action's method alone protects it from pages of other sites: before a PUT, PATCH or DELETE the browser asks
 * the app (CORS). Tests the app in production mode, since many allow every origin to developers.
 * @returns the finding; undefined when such a page can send the action
 */
export async function refusedByCors(
  context: AuditContext,
  { method, path }: Action,
  origin: string,
): Promise<Finding | undefined> {
  if (FREE.has(method)) return undefined;
  const asks = `before a ${method} of another site the browser asks the app`;
  let app: Awaited<ReturnType<typeof context.deployment.start>>;
  try {
    app = await context.deployment.start({ production: true, ahead: context.clock.ahead });
  } catch (error) {
    if (!(error instanceof AppDown)) throw error;
    return notTested(ID, `${asks}, and with NODE_ENV=production it did not start: ${error.message}`);
  }
  try {
    const headers = { Origin: origin, 'Access-Control-Request-Method': method };
    const { status, headers: answer } = await context.visitor({}, app).request('OPTIONS', path, { headers });
    const allowed = ['origin', 'credentials', 'methods'].map(
      (each) => answer[`access-control-allow-${each}`],
    );
    const [from, credentials, methods = ''] = allowed;
    const isAllowed =
      status < 300 &&
      from === origin &&
      credentials === 'true' &&
      methods.split(',').some((each) => each.trim().toUpperCase() === method);
    if (isAllowed) return undefined;
    const evidence = [
      `NODE_ENV=production: OPTIONS ${path}, Origin: ${origin} → ${status}`,
      `  Access-Control-Allow-Origin: ${from ?? '(none)'}, -Credentials: ${credentials ?? '(none)'}, -Methods: ${methods || '(none)'}`,
    ];
    return ok(ID, `${asks}, which does not allow it`, evidence);
  } finally {
    context.heard(app.output.text);
    await context.deployment.end(app);
  }
}
