import { types } from 'node:util';

const noted = new WeakMap<object, (reason: unknown) => void>();

/** Tells when nothing handles the rejection of a promise, which would end an app. The kit adds no handler of its own to it. */
export const noteRejection = (promise: object, tell: (reason: unknown) => void) => noted.set(promise, tell);

/** From now on a noted promise does not end this process. Any other does, as without the kit. Call it before the store is loaded. */
export function watchRejections(): void {
  process.on('unhandledRejection', (reason, promise) => {
    const tell = noted.get(promise);
    if (tell) return tell(reason);
    // The store or a package of it listens as well, so an app would go on.
    if (process.listenerCount('unhandledRejection') > 1) return;
    // Promises of libraries only print it.
    if (!types.isPromise(promise)) return console.error('Unhandled rejection', reason);
    const isError = reason instanceof Error || types.isNativeError(reason);
    throw isError ? reason : new Error(`UnhandledPromiseRejection: ${String(reason)}`);
  });
}
