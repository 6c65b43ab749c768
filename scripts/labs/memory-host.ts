// The process whose memory is measured. It holds only a store, and needs --expose-gc.
import type { SessionData, Store } from 'express-session';
import { answer } from './answer.ts';
import { type OpenStore, openStore, type StoreName } from './stores.ts';

const HOUR = 60 * 60 * 1000;
/** Parallel calls, as in a busy shop. */
const AT_ONCE = 100;

let open: OpenStore | undefined;

function each(from: number, to: number, work: (store: Store, id: string, done: () => void) => void) {
  const { store } = open as OpenStore;
  const one = (i: number) => new Promise<void>((done) => work(store, String(i).padStart(32, 's'), done));
  return (async () => {
    for (let at = from; at < to; at += AT_ONCE) {
      const batch = Array.from({ length: Math.min(AT_ONCE, to - at) }, (_, i) => one(at + i));
      await Promise.all(batch);
    }
  })();
}

const put = (from: number, to: number, expires: Date) =>
  each(from, to, (store, id, done) => {
    const cookie = { originalMaxAge: HOUR, expires, httpOnly: true, path: '/' };
    const cart = [
      { productId: 'mug', quantity: 1 },
      { productId: 'teapot', quantity: 2 },
    ];
    store.set(id, { cookie, cart } as SessionData, done);
  });

function memory() {
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss };
}

const handlers = {
  open: async ({ store, url }: { store: StoreName; url: string }) => {
    open = await openStore(store, url);
    // Warm up, so that compiled code and buffers are not counted as sessions.
    await put(0, 1000, new Date(Date.now() + HOUR));
    await new Promise((done) => open?.store.clear?.(done));
  },
  put: ({ from, to, expired }: { from: number; to: number; expired: boolean }) =>
    put(from, to, new Date(Date.now() + (expired ? -HOUR : HOUR))),
  /** Reads each session, as a returning shopper does. */
  get: ({ from, to }: { from: number; to: number }) =>
    each(from, to, (store, id, done) => store.get(id, done)),
  /** How many sessions a MemoryStore holds: its own length() leaves the expired ones out by removing them. */
  held: () => Object.keys((open as unknown as { store: { sessions: object } }).store.sessions).length,
  /** The memory in use after a garbage collection. */
  settled: async () => {
    for (let times = 0; times < 3; times++) {
      globalThis.gc?.();
      await new Promise(setImmediate);
    }
    return memory();
  },
  /** The memory in use without a garbage collection, which is slow in a process that is nearly full. */
  memory,
};

export type MemoryHost = typeof handlers;

answer(handlers);
