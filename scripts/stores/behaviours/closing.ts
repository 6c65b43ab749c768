import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok } from '../kit/cell.ts';
import type { Trial } from '../kit/trial.ts';
import { describeTimer, seconds } from '../kit/words.ts';

const behaviour = (about: Omit<Behaviour, 'group'>): Behaviour => ({ group: 'leaving', ...about });

const holds = behaviour({
  id: 'holds',
  title: 'process ends',
  question: 'Does a process end by itself that has used the store and did not close it?',
  lesson: 11,
  must: false,
  trap: 'Tests, seed scripts and a graceful shutdown wait for ever: close the store, or its client.',
});

const closes = behaviour({
  id: 'closes',
  title: 'after close',
  question:
    'Does the process end after the store, or the client it was given, was closed, and are all connections gone?',
  lesson: 11,
  must: true,
  trap: 'A graceful shutdown never ends, and is killed at last with requests under way.',
});

/** For stores that neither they nor their file can close. */
const NO_CLOSE =
  'There is nothing to close: the store has no close(), and the file that opens it gives none ({ store, close })';
/** In milliseconds. Pools close idle connections after 10 s. */
const ENDS_MS = 15_000;
const CLOSES_MS = 8000;

export const closing: readonly Scenario[] = [
  {
    behaviours: [holds],
    alone: true,
    waits: 15,
    async ask(trial) {
      const store = await used(trial);
      const timers = (await store.ask('timers')).filter((timer) => timer.holds);
      await store.ask('release', { close: false });
      const ms = await store.endsWithin(ENDS_MS);
      const words = timers.length ? ` Timers that hold it: ${timers.map(describeTimer).join(', ')}.` : '';
      if (ms === undefined)
        trial.tell(
          holds,
          bad('no', `The process did not end within ${seconds(ENDS_MS)}.${words}`),
          ENDS_MS / 4,
        );
      else if (store.hasFailed) trial.tell(holds, bad('by an error', store.lastWords()));
      else
        trial.tell(
          holds,
          ok(`after ${seconds(ms)}`, `The process ended by itself ${seconds(ms)} after its last work.`),
        );
    },
  },
  {
    behaviours: [closes],
    alone: true,
    waits: 8,
    async ask(trial) {
      const store = await used(trial);
      const can = store.opened?.canClose;
      const failed = await store.ask('release', { close: true });
      const ms = await store.endsWithin(CLOSES_MS);
      const open = trial.site.proxy ? `; ${trial.site.proxy.open} connections were open` : '';
      const { enders: names = [] } = store.opened ?? {};
      const enders = names.length ? ` The store has ${names.map((name) => `${name}()`).join(', ')}.` : '';
      const words = `${can ? 'close()' : NO_CLOSE}${failed ? ` failed: ${failed}` : ''}. ${
        ms === undefined
          ? `The process did not end within ${seconds(CLOSES_MS)}${open}.${enders}`
          : `${store.lastWords()} That was ${seconds(ms)} later.`
      }`;
      if (failed) trial.tell(closes, bad('close fails', words));
      else if (store.hasFailed) trial.tell(closes, bad('ends by an error', words));
      else if (ms === undefined) trial.tell(closes, bad(can ? 'goes on' : 'no close', words), CLOSES_MS / 2);
      else trial.tell(closes, ok('ends', words));
    },
  },
];

/** A store after the calls of a short script. */
async function used(trial: Trial) {
  const store = await trial.open();
  const id = trial.newId();
  await store.call({ method: 'set', id, data: { n: 1 }, maxAge: 600_000 }, trial.limits.call);
  await store.call({ method: 'get', id }, trial.limits.call);
  return store;
}
