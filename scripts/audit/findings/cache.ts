import type { AuditContext } from './audit-context.ts';
import { told } from './evidence.ts';
import { advise, type Finding, NotTestable, ok } from './finding.ts';

/** May browsers and proxies keep a page that only a logged-in visitor sees? */
export async function checkCaching(context: AuditContext): Promise<Finding[]> {
  const id = 'cache-headers';
  const visitor = await context.loggedIn();
  const { exchange } = await context.asks(visitor);
  if (exchange.status !== 200)
    throw new NotTestable(`the page that tells who is logged in answers ${exchange.status}`);
  const header = exchange.headers['cache-control'];
  const evidence = [...told(exchange), `  Cache-Control: ${header ?? '(none)'}`];
  if (/no-store/i.test(header ?? '')) return [ok(id, 'Cache-Control: no-store', evidence)];
  if (/public|s-maxage/i.test(header ?? ''))
    return [advise(id, `Cache-Control: ${header} lets shared caches keep the page`, evidence)];
  return [
    advise(
      id,
      header
        ? `Cache-Control: ${header} lets the browser keep the page`
        : 'it has no Cache-Control, so the browser may keep it',
      evidence,
    ),
  ];
}
