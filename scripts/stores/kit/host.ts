// The process of a store. It does what it is asked and judges nothing: a store that throws, loops or exits only affects this
// process, and the parent sees that.
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { watchRejections } from './rejections.ts';
import { fireTimers, runningTimers, watchTimers } from './watch-timers.ts';

const [, , module = ''] = process.argv;
// Before the store is loaded, so that the store cannot send messages to the parent.
const tell = process.send?.bind(process);
process.send = undefined as never;
watchTimers();
watchRejections();

const { callStore, changeOutside } = await import('./calls.ts');
const { holdsWord } = await import('./look-into.ts');
const { moveClock } = await import('./move-clock.ts');
const { endersOf, loadStore, openStore } = await import('./open-store.ts');
const { describeError, placeOf } = await import('./portable.ts');
type Questions = import('./protocol.ts').Questions;
type Opening = import('./protocol.ts').Opening;
type Handlers = { [Name in keyof Questions]: (detail: Parameters<Questions[Name]>[0]) => unknown };

let exported: unknown;
let opened: Awaited<ReturnType<typeof openStore>>;
let asked: Opening;
let app: Promise<{ server: Server; port: number }> | undefined;
let released = false;
const events: string[] = [];

const importApp = () => import('./app.ts');

const METHODS = ['get', 'set', 'destroy', 'touch', 'all', 'length', 'clear'] as const;

const handlers: Handlers = {
  async load() {
    exported = await loadStore(module);
  },
  async open(opening) {
    opened = await openStore(exported, opening.url);
    const { store } = opened;
    const first = opening.first && callStore(store, opening.first);
    asked = opening;
    for (const event of ['connect', 'disconnect']) store.on?.(event, () => events.push(event));
    const has = store as unknown as Record<string, unknown>;
    return {
      methods: METHODS.filter((method) => typeof has[method] === 'function'),
      canClose: opened.close !== undefined,
      enders: endersOf(store),
      ...(first && { first: await first }),
    };
  },
  async app() {
    // Express takes a while to load, and most processes need no page.
    app ??= importApp().then((made) => made.startApp(opened.store, asked));
    return (await app).port;
  },
  call: (call) => callStore(opened.store, call),
  together: (calls) => Promise.all(calls.map((call) => callStore(opened.store, call))),
  changeOutside: ({ ids, limitMs }) =>
    Promise.race([
      changeOutside(opened.store, ids),
      delay(limitMs, undefined, { ref: false }).then(() => {
        throw new Error('A set() or get() did not call back.');
      }),
    ]),
  clock: ({ aheadMs }) => moveClock(aheadMs),
  events: () => events,
  holds: ({ word }) => holdsWord(opened.store, word),
  timers: () => runningTimers(),
  fire: ({ by }) => fireTimers(by),
  slowWaiting: async () => (await importApp()).slowWaiting(),
  answerSlow: async () => (await importApp()).answerSlow(),
  async release({ close }) {
    const server = (await app)?.server;
    server?.closeAllConnections();
    server?.close();
    released = true;
    if (!close) return undefined;
    try {
      await opened.close?.();
      return undefined;
    } catch (error) {
      return describeError(error);
    }
  },
};

process.on(
  'message',
  async ({ id, name, detail }: { id: number; name: keyof Questions; detail: unknown }) => {
    const answer = await Promise.resolve()
      .then(() => (handlers[name] as (detail: unknown) => unknown)(detail))
      .then(
        (value) => ({ id, value }),
        (error) => ({ id, error: `${describeError(error)}${placeOf(error)}` }),
      );
    tell?.(answer, () => released && process.disconnect?.());
  },
);
// The parent is gone.
process.once('disconnect', () => released || process.exit());
tell?.({ id: 0, value: 'ready' });
