import type { Visitor } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';

/** Requests with a copy of a visitor's cookies: kept beyond their end, and renewed by the answers. */
export type Thief = () => ReturnType<AuditContext['asks']>;

/** Copies a visitor's cookies. @returns a function that requests the page that shows who is logged in */
export function thiefOf(context: AuditContext, visitor: Visitor): Thief {
  const stolen = new Map(visitor.cookies.map(({ name, value }) => [name, value]));
  return async () => {
    const Cookie = [...stolen].map(([name, value]) => `${name}=${value}`).join('; ');
    const thief = context.visitor({ Cookie });
    thief.limitMs = visitor.limitMs;
    const asked = await context.asks(thief);
    for (const { name, value } of thief.cookies) stolen.set(name, value);
    return asked;
  };
}
