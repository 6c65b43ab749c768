import { pathToFileURL } from 'node:url';
import session, { type Store } from 'express-session';

/** An opened store, and how to close it, if possible. */
export interface OpenedStore {
  readonly store: Store;
  close?(): unknown;
}

type Factory = (context: object) => unknown;
type Named = Partial<Store> & { prototype?: Partial<Store> };

/**
 * Imports a module with a store. Its default export, or its export `createStore`, is one of
 * - a function that gets `{ session, Store, url, folder, mongodbUri, redisUrl }` and returns, or promises, a store, a class of
 * stores, or `{ store, close }`;
 * - a class of stores, made with `{ url }`;
 * - a store.
 * @returns that export @throws {Error} when it has neither, or the module's own error
 */
export async function loadStore(module: string): Promise<unknown> {
  const loaded = (await import(pathToFileURL(module).href)) as Record<string, unknown>;
  const exported = unwrapped(loaded.default) ?? loaded.createStore;
  if (exported !== undefined) return exported;
  throw new Error('It has no default export and no createStore. Export a function that returns your store.');
}

/** Opens a store. @param exported the result of loadStore @throws {Error} when it is no store, or the store's own error */
export async function openStore(exported: unknown, url: string): Promise<OpenedStore> {
  const context = Object.assign(Object.create(null), session, {
    session,
    Store: session.Store,
    url,
    folder: url,
    mongodbUri: url,
    redisUrl: url,
    secret: 'of the kit',
  });
  let made = exported;
  // A factory may return a class, as connect-… packages do.
  for (let step = 0; step < 3 && typeof made === 'function'; step++) {
    made = isClass(made)
      ? new (made as unknown as new (c: object) => unknown)({ url })
      : await (made as Factory)(context);
  }
  const opened = isStore(made) ? { store: made } : (made as OpenedStore | undefined);
  if (!opened || !isStore(opened.store))
    throw new Error('What it exports gives no store: an object with get, set and destroy.');
  const missing = ['on', 'createSession'].filter(
    (name) => typeof (opened.store as unknown as Record<string, unknown>)[name] !== 'function',
  );
  if (missing.length > 0)
    throw new Error(
      `express-session cannot use this store: it has no ${missing.map((name) => `${name}()`).join(' and no ')}. They come with session.Store: let its class extend that.`,
    );
  const own = opened.store as Store & { close?(): unknown };
  if (!opened.close && typeof own.close === 'function') return { store: own, close: () => own.close?.() };
  return opened;
}

/** The methods of a store, own or of its class, whose names mean an end. */
export function endersOf(store: Store): string[] {
  const names = new Set<string>();
  for (
    let of: object = store;
    of && of !== session.Store.prototype && of !== Object.prototype;
    of = Object.getPrototypeOf(of)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(of)))
      if (
        typeof value === 'function' &&
        /^(?:close|quit|end|stop|shutdown|disconnect|dispose|clear.*(?:interval|timer))/i.test(name)
      )
        names.add(name);
  }
  return [...names];
}

const hasMethods = (value: Partial<Store> | undefined) =>
  typeof value?.get === 'function' && typeof value.set === 'function' && typeof value.destroy === 'function';
const isStore = (value: unknown): value is Store =>
  typeof value === 'object' && value !== null && hasMethods(value as Store);
/** A class may define its methods as fields, which its prototype does not have. */
const isClass = (value: unknown) =>
  hasMethods((value as Named).prototype) || /^class\b/.test(Function.prototype.toString.call(value));

/** A CommonJS module compiled from an ES module has its default export one level deeper. */
function unwrapped(value: unknown): unknown {
  const inner = (value as { default?: unknown } | undefined)?.default;
  return inner !== undefined && !isStore(value) && typeof value === 'object' ? inner : value;
}
