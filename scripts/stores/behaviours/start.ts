import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import { ProcessLost } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { seconds } from '../kit/words.ts';
import { judged, orEnds, recovery } from './outage-judging.ts';
import { startBack, startGet, startLives } from './outage-questions.ts';

/** The backend is away when the app starts, and comes when the patience is over. */
export const start: Scenario = {
  behaviours: [startLives, startGet, startBack],
  alone: true,
  needs: 'place',
  async ask(trial) {
    await trial.site.away();
    const store = trial.start();
    await orEnds(trial, startLives, store, async () => {
      await store.load();
      const until = performance.now() + trial.patience.outage;
      const opening = store.open({ url: trial.site.url }, trial.patience.outage + trial.patience.recovery);
      const state = await Promise.race([
        opening.then(
          () => 'open' as const,
          (error: Error) => error,
        ),
        delay(trial.patience.outage, 'waits' as const, { ref: false }),
      ]);
      if (state instanceof ProcessLost) throw state;
      if (state instanceof Error) return cannotOpen(trial, state);
      if (state === 'waits') return waits(trial, opening);
      trial.tell(
        startGet,
        judged(await store.call({ method: 'get', id: 'kit-away' }, trial.patience.outage)),
      );
      // Some stores give up for good only after a while.
      await delay(Math.max(0, until - performance.now()));
      await trial.site.back();
      trial.tell(startBack, await recovery(trial, store, trial.newId()));
    });
  },
};

/** What an app that makes its store as shown would end by. */
function cannotOpen(trial: Trial, { message }: Error): void {
  const words = `Opening the store throws: ${message}`;
  trial.tell(startLives, bad('opening throws', words));
  trial.tell(startGet, untested('opening throws', words));
  trial.tell(startBack, untested('opening throws', words));
}

/** An app whose store is not open yet waits for it: what happens meanwhile is the app's own. */
async function waits(trial: Trial, opening: Promise<unknown>): Promise<void> {
  const words = `The store is not there before its backend is: after ${seconds(trial.patience.outage)} the app still waits.`;
  trial.tell(startGet, untested('app waits', words));
  await trial.site.back();
  const from = performance.now();
  const failed = await opening.then(
    () => undefined,
    (error: Error) => error,
  );
  const after = seconds(performance.now() - from);
  if (failed)
    trial.tell(
      startBack,
      bad('never opens', `${words} ${after} after the backend was there it was not open.`),
    );
  else trial.tell(startBack, ok('app waits', `${words} It opened ${after} after the backend was there.`));
}
