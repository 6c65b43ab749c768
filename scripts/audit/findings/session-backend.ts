import type { AuditContext } from './audit-context.ts';
import { NotTestable } from './finding.ts';
import { kept } from './session-place.ts';

/** Where the sessions are, if faults can be played there. */
export interface Backend {
  refuse(): Promise<void>;
  hang(): void;
  behave(): Promise<void>;
  /** Makes every write of a session fail; undefined when that is not possible. */
  readonly failWrites: (() => void) | undefined;
  /** Whether a write has failed since `failWrites`. */
  hasFailedWrite(): boolean;
}

/** @throws {NotTestable} when the sessions are in no database of the audit */
export async function backendOf(context: AuditContext): Promise<Backend> {
  const place = await kept(context);
  const { tap, redis } = context.deployment.backends;
  if (place?.kind === 'redis' && redis)
    return {
      refuse: () => redis.refuse(),
      hang: () => redis.hang(),
      behave: () => redis.behave(),
      failWrites: undefined,
      hasFailedWrite: () => false,
    };
  if (place?.kind !== 'mongo')
    throw new NotTestable(
      `the sessions are in no database of the audit (${context.setup?.store ?? 'cookie-session'})`,
    );
  const [db = ''] = place.place.split('.');
  const failure = {
    code: 13,
    codeName: 'Unauthorized',
    message: 'not authorized to write (played by the audit)',
    times: Number.POSITIVE_INFINITY,
    db,
  };
  return {
    refuse: () => tap.refuse(),
    hang: () => tap.hang(),
    behave: () => tap.behave(),
    failWrites: () => {
      tap.forget();
      for (const name of ['update', 'insert', 'findAndModify']) tap.fail(name, failure);
    },
    hasFailedWrite: () =>
      tap
        .commands()
        .some(({ name, passed }) => ['update', 'insert', 'findAndModify'].includes(name) && !passed),
  };
}
