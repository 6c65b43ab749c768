import type { Seen } from '../browse/crawl.ts';
import type { AuditContext } from './audit-context.ts';
import { shape } from './contents.ts';
import { inBrief, noStore } from './cost.ts';
import { told } from './evidence.ts';
import { advise, type Finding, mend, NotTestable, ok } from './finding.ts';

/** Pages for a look: those that show something; without one those that refuse, which robots ask for as well. */
function looksOf({ way: { pages } }: AuditContext): Seen[] {
  const shown = pages.filter(({ exchange }) => exchange.status === 200);
  const others = pages.filter(({ exchange }) => exchange.status < 500);
  return (shown.length > 0 ? shown : others).slice(0, 5);
}

/** Is anything stored for a visitor who only reads? */
export async function checkLooking(context: AuditContext): Promise<Finding[]> {
  const id = 'look-stores-nothing';
  const pages = looksOf(context);
  if (pages.length === 0) throw new NotTestable('no page was found that answers a visitor');
  for (const { asked } of pages) {
    const visitor = context.visitor();
    const { result, calls } = await context.callsDuring(() => visitor.get(asked));
    const [written] = calls.filter(({ operation }) => operation === 'set');
    if (written) {
      const { cookie: _cookie, ...data } = JSON.parse(written.data ?? '{}');
      const what = Object.keys(data).length === 0 ? 'an empty session' : `a session with ${shape(data)}`;
      return [
        {
          ...mend(id, `a first look at ${asked} stores ${what}`, [
            ...told(result),
            `the store got: ${inBrief(calls)}`,
          ]),
          ...fixOf(context, data),
        },
      ];
    }
    if (noStore(context) && context.id(visitor) !== undefined)
      return [advise(id, `a first look at ${asked} sets a session cookie`, told(result))];
  }
  const names = pages.map(({ asked }) => asked).join(', ');
  return [ok(id, `a first look stores nothing (${names})`, [`GET ${names}: the store got no set`])];
}

/** The fix for a session that only a package has written into, or without the setting that is right already. */
function fixOf({ setup }: AuditContext, data: Readonly<Record<string, unknown>>): { fix?: string } {
  if (setup?.saveUninitialized !== false) return {};
  const isEmpty = (name: string) => JSON.stringify(data) === `{"${name}":{}}`;
  if (isEmpty('passport'))
    return {
      fix: 'Old versions of Passport, such as 0.2, write an empty object into every session: take Passport 0.7.',
    };
  if (isEmpty('flash'))
    return {
      fix: 'A flash package writes an empty object when it only reads: read it where req.session.flash is set.',
    };
  return { fix: 'Write nothing into req.session on a page that only shows something.' };
}
