/** Waits for a promise. @throws {Error} with the code ETIMEOUT when that takes longer than `ms` */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error(`no answer within ${ms / 1000} s`), { code: 'ETIMEOUT' });
    timer = setTimeout(reject, ms, error);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
