import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import { ProcessLost } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { Visitor } from '../kit/visitor.ts';
import { seconds } from '../kit/words.ts';
import { orEnds, tellCall, tellRecovery } from './outage-judging.ts';
import { startBack, startGet, startLives } from './outage-questions.ts';

/** The backend is away when the app starts, and returns after the limit. */
export const start: Scenario = {
  behaviours: [startLives, startGet, startBack],
  alone: true,
  waits: 20,
  needs: 'place',
  async ask(trial) {
    await trial.site.away();
    const store = await trial.start();
    await orEnds(trial, startLives, store, async () => {
      await store.load();
      const until = performance.now() + trial.limits.outage;
      const opening = store.open({ url: trial.site.url }, trial.limits.outage + trial.limits.recovery);
      const state = await Promise.race([
        opening.then(
          () => 'open' as const,
          (error: Error) => error,
        ),
        delay(trial.limits.outage, 'waits' as const, { ref: false }),
      ]);
      if (state instanceof ProcessLost) throw state;
      if (state instanceof Error) return cannotOpen(trial, state);
      if (state === 'waits') return waits(trial, opening);
      const got = await store.call({ method: 'get', id: 'kit-away' }, trial.limits.outage);
      tellCall(trial, startGet, got);
      if (got.rejected !== undefined) {
        // This kit handles the promise. express-session does not: a visitor's request shows the effect.
        await new Visitor(await store.port()).ask('/login', trial.limits.call);
        await store.mustLive();
      }
      // Some stores give up for good only after a while.
      await delay(Math.max(0, until - performance.now()));
      await trial.site.back();
      await tellRecovery(trial, startBack, store, trial.newId());
    });
  },
};

/** Tells that an app that opens its store as documented would end with this error. */
function cannotOpen(trial: Trial, { message }: Error): void {
  const words = `Opening the store throws: ${message}`;
  trial.tell(startLives, bad('opening throws', words));
  trial.tell(startGet, untested('opening throws', words));
  trial.tell(startBack, untested('opening throws', words));
}

/** An app that waits for its store: what it does meanwhile is up to the app. */
async function waits(trial: Trial, opening: Promise<unknown>): Promise<void> {
  const words = `The store is not there before its backend is: after ${seconds(trial.limits.outage)} the app still waits.`;
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
