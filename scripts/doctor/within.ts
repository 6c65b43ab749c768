/** The error for a wait of more than `ms` milliseconds. Its code is ETIMEOUT. */
export function timeoutError(ms: number): Error {
  return Object.assign(new Error(`no answer within ${ms / 1000} s`), { code: 'ETIMEOUT' });
}

/** Waits for a promise at most `ms` milliseconds; with 0, not at all. @throws {Error} with the code ETIMEOUT after that */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    if (ms <= 0) reject(timeoutError(ms));
    else timer = setTimeout(() => reject(timeoutError(ms)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
