/** What the promise resolves with. @throws {Error} with the code ETIMEOUT when that takes longer than so many milliseconds */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error(`no answer within ${ms / 1000} s`), { code: 'ETIMEOUT' });
    timer = setTimeout(reject, ms, error);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** An error's code, such as ECONNREFUSED; else its message. */
export function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: string };
  return typeof code === 'string' ? code : (message ?? String(error));
}
