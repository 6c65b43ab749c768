import type { AuditContext } from './audit-context.ts';
import { advise, type Finding, mend, NotTestable, notTested, ok } from './finding.ts';
import { kept } from './session-place.ts';

/** Where are the sessions, and are expired ones removed? */
export async function checkStore(context: AuditContext): Promise<Finding[]> {
  const { setup } = context;
  if (setup?.library === 'cookie-session') {
    return [
      advise(
        'store-kind',
        'cookie-session: the session is in the cookie, readable by its owner, and no server can end it',
        [`the cookie ${context.cookieName} and its signature`],
      ),
      notTested('ttl-index', 'cookie-session has no store'),
    ];
  }
  const store = setup?.store ?? 'none';
  if (store === 'MemoryStore')
    return [
      mend('store-kind', 'MemoryStore: sessions are in the memory of the process', [
        'session() was given no store, or a MemoryStore',
      ]),
      notTested('ttl-index', 'MemoryStore has no database'),
    ];
  return [
    ok('store-kind', `sessions are kept by ${store}`, [`session() was given a ${store}`]),
    ...(await ofClearing(context).then(
      (finding) => [finding],
      (error: unknown) => {
        if (error instanceof NotTestable) return [notTested('ttl-index', error.message)];
        throw error;
      },
    )),
  ];
}

async function ofClearing(context: AuditContext): Promise<Finding> {
  const id = 'ttl-index';
  const session = await kept(context);
  if (session === undefined)
    return notTested(
      id,
      `the session of a login was not found by its ID, neither in MongoDB nor in a Redis of the audit: ${context.setup?.store} keeps it elsewhere, or under another key`,
    );
  if (session.kind === 'redis') {
    return session.ms > 0
      ? ok(id, `its key in Redis ends in ${Math.round(session.ms / 1000)} s`, [`PTTL ${session.key}`])
      : mend(id, 'its key in Redis has no end', [`PTTL ${session.key}: ${session.ms}`]);
  }
  const { place, ttl, document } = session;
  const evidence = [
    `${place}: the document ${JSON.stringify(Object.keys(document))}`,
    ...ttl.map((each) => `index ${each.name}: expireAfterSeconds ${each.after}`),
  ];
  const [works] = ttl.filter(({ field }) => document[field] instanceof Date);
  if (works) return ok(id, `${place} has a TTL index on ${works.field}`, evidence);
  if (ttl.length > 0)
    return mend(
      id,
      `${place} has a TTL index on ${ttl[0]?.field}, and there is no date in that field`,
      evidence,
    );
  return mend(id, `${place} has no TTL index: expired sessions stay`, evidence);
}
