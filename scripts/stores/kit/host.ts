// The process of a store. It does what it is asked, and judges nothing: a store that throws, loops or exits takes only this
// process with it, and the one that asks sees that.
import type { Server } from 'node:http';
import { runningTimers, watchTimers } from './watch-timers.ts';

const [, , module = ''] = process.argv;
// Before anything of the store is loaded: the store has no way to answer in our place.
const tell = process.send?.bind(process);
process.send = undefined as never;
watchTimers();

const { answerSlow, portOf, slowWaiting, startApp } = await import('./app.ts');
const { callStore } = await import('./calls.ts');
const { moveClock } = await import('./move-clock.ts');
const { loadStore, openStore } = await import('./open-store.ts');
const { errorInWords, portable } = await import('./portable.ts');
type Questions = import('./protocol.ts').Questions;
type Handlers = { [Name in keyof Questions]: (detail: Parameters<Questions[Name]>[0]) => unknown };

let exported: unknown;
let opened: Awaited<ReturnType<typeof openStore>>;
let server: Server;
let released = false;
const events: string[] = [];

const METHODS = ['get', 'set', 'destroy', 'touch', 'all', 'length', 'clear'] as const;

const handlers: Handlers = {
  async load() {
    exported = await loadStore(module);
  },
  async open(opening) {
    opened = await openStore(exported, opening.url);
    const { store } = opened;
    server = await startApp(store, opening);
    for (const event of ['connect', 'disconnect']) store.on?.(event, () => events.push(event));
    const has = store as unknown as Record<string, unknown>;
    return {
      methods: METHODS.filter((method) => typeof has[method] === 'function'),
      canClose: opened.close !== undefined,
      port: portOf(server),
    };
  },
  call: (call) => callStore(opened.store, call),
  together: (calls) => Promise.all(calls.map((call) => callStore(opened.store, call))),
  changeOutside: ({ id }) =>
    new Promise((resolve, reject) => {
      opened.store.get(id, (error, given) => {
        if (error || !given) return reject(error ?? new Error('get() found nothing'));
        Object.assign(given, { changed: 'outside' });
        opened.store.get(id, (again, second) =>
          again ? reject(again) : resolve(portable((second as { changed?: string } | undefined)?.changed)),
        );
      });
    }),
  clock: ({ aheadMs }) => moveClock(aheadMs),
  events: () => events,
  timers: () => runningTimers(),
  slowWaiting: () => slowWaiting(),
  answerSlow: () => answerSlow(),
  async release({ close }) {
    server.closeAllConnections();
    server.close();
    released = true;
    if (!close) return undefined;
    try {
      await opened.close?.();
      return undefined;
    } catch (error) {
      return errorInWords(error);
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
        (error) => ({ id, error: errorInWords(error) }),
      );
    tell?.(answer, () => released && process.disconnect?.());
  },
);
// Whoever asks is gone.
process.once('disconnect', () => released || process.exit());
tell?.({ id: 0, value: 'ready' });
