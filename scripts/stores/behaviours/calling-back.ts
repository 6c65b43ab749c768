import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import type { Call, Outcome } from '../kit/protocol.ts';
import { describeOutcome } from '../kit/words.ts';

const once: Behaviour = {
  group: 'keeping',
  id: 'once',
  title: 'calls back once',
  question: 'Do get(), set(), touch() and destroy() call back once, and does nothing fail after that?',
  lesson: 7,
  must: true,
  trap: 'A page runs twice, or the process ends by an error that no handler sees.',
};

const WATCH_MS = 700;

export const callingBack: readonly Scenario[] = [
  {
    behaviours: [once],
    async ask(trial) {
      const store = await trial.shared();
      const limitMs = trial.limits.call;
      const session = { data: { n: 1 }, maxAge: 600_000, limitMs };
      const calls: Call[] = [];
      for (const method of ['get', 'set', 'touch', 'destroy'] as const) {
        const id = trial.newId(method);
        await store.call({ method: 'set', id, ...session }, limitMs);
        if (store.has(method)) calls.push({ method, id, ...session, watchMs: WATCH_MS });
      }
      calls.push({ method: 'get', id: trial.newId('never'), limitMs, watchMs: WATCH_MS });
      const outcomes = await store.together(calls, limitMs);
      await store.mustLive();
      const words = calls
        .map(({ method }, n) => `${method}(): ${describeOutcome(outcomes[n] as Outcome)}`)
        .join('; ');
      const isTwice = outcomes.some(({ callbacks }) => callbacks > 1);
      const failsAfter = outcomes.some(
        ({ callbacks, rejected, threw }) => callbacks > 0 && (rejected ?? threw) !== undefined,
      );
      if (isTwice) trial.tell(once, bad('twice', words));
      else if (failsAfter) trial.tell(once, bad('fails after it', words));
      else if (outcomes.some(({ callbacks }) => callbacks === 0)) trial.tell(once, untested('never', words));
      else trial.tell(once, ok('once', words));
    },
  },
];
