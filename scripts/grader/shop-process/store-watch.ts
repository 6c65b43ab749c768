// Which methods of a session store were called and have not called back: evidence for why a request gets no answer.

type Fields = Record<string, unknown>;
type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The methods whose last argument is a callback. */
const METHODS = ['get', 'set', 'touch', 'destroy', 'all', 'length', 'clear'];

interface Call {
  readonly method: string;
  returnedPromise: boolean;
}

/** The calls that have not called back, oldest first. */
const waiting = new Set<Call>();
const known = new WeakSet<object>();

/** What is waited for: 'get', or 'get, returned a promise'. */
export function waitingFor(): string[] {
  return [...waiting].map(
    ({ method, returnedPromise }) => method + (returnedPromise ? ', returned a promise' : ''),
  );
}

/** The addresses where a store's MongoDB driver was refused, or found no host. Any field may be missing: anybody may have made the store. */
export function unreachedBy(store: object): string[] {
  try {
    const { client } = store as {
      client?: { topology?: { description?: { servers?: ReadonlyMap<string, Server> } } };
    };
    const servers = [...(client?.topology?.description?.servers?.values() ?? [])];
    return servers.flatMap(({ address, error }) =>
      /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(String(error?.message)) ? [String(address)] : [],
    );
  } catch {
    return [];
  }
}

interface Server {
  readonly address?: unknown;
  readonly error?: { readonly message?: unknown } | null;
}

/** Notes when a store's methods begin and when they call back. Their behaviour does not change. */
export function watchStore(store: unknown): void {
  if (typeof store !== 'object' || store === null || known.has(store) || Object.isFrozen(store)) return;
  known.add(store);
  for (const name of METHODS) {
    const method = (store as Fields)[name];
    if (typeof method !== 'function') continue;
    Object.defineProperty(store, name, {
      configurable: true,
      enumerable: Object.prototype.propertyIsEnumerable.call(store, name),
      writable: true,
      value: noted(name, method as Method),
    });
  }
}

function noted(name: string, method: Method): Method {
  return function (...args) {
    const callback = args.at(-1);
    if (typeof callback !== 'function') return method.apply(this, args);
    const call: Call = { method: name, returnedPromise: false };
    waiting.add(call);
    const calledBack = (...results: unknown[]) => {
      waiting.delete(call);
      return callback(...results);
    };
    try {
      const result = method.apply(this, [...args.slice(0, -1), calledBack]);
      call.returnedPromise = typeof (result as { then?: unknown } | undefined)?.then === 'function';
      return result;
    } catch (error) {
      waiting.delete(call);
      throw error;
    }
  };
}
