import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario } from '../kit/behaviour.ts';
import { bad, ok } from '../kit/cell.ts';
import type { Outcome } from '../kit/protocol.ts';
import type { StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { Visitor } from '../kit/visitor.ts';
import { dataOf, describeOutcome, isDone, isFound, isNone, isSilent } from '../kit/words.ts';
import { orEnds, tellCall, tellPage, tellRecovery, tellSavedLogin } from './outage-judging.ts';
import {
  cutBack,
  discreet,
  lostBack,
  lostDestroy,
  lostGet,
  lostLives,
  lostLogin,
  lostPage,
  lostSet,
  silentBack,
  silentGet,
  told,
} from './outage-questions.ts';
import { start } from './start.ts';

const SECRET = 'kit-secret-of-the-cart';
/** The outcome of a cut depends on the moment, so there are several. */
const CUTS = 5;

export const outage: readonly Scenario[] = [
  start,
  {
    behaviours: [lostLives, lostGet, lostPage, lostLogin, lostBack, told, discreet],
    alone: true,
    waits: 19,
    needs: 'place',
    async ask(trial) {
      const store = await trial.open();
      const id = trial.newId('secret');
      const session = { id, data: { cart: SECRET }, maxAge: 600_000 };
      await store.call({ method: 'set', ...session }, trial.limits.call);
      const port = await store.port();
      const [ann, ben] = [new Visitor(port), new Visitor(port)];
      await ann.ask('/login');
      const said: string[] = [];
      const work = orEnds(trial, lostLives, store, async () => {
        await lose(trial, store);
        const [get, set, page, login] = await Promise.all([
          store.call({ method: 'get', id }, trial.limits.outage),
          store.call({ method: 'set', ...session }, trial.limits.outage),
          ann.ask('/me', trial.limits.outage),
          ben.ask('/login', trial.limits.outage),
        ]);
        said.push(...[get, set].map(({ error, threw, rejected }) => error ?? threw ?? rejected ?? ''));
        said.push(page.text, login.text);
        tellCall(trial, lostGet, get);
        tellPage(trial, lostPage, page);
        tellPage(trial, lostLogin, login);
        await trial.site.back();
        await tellRecovery(trial, lostBack, store, id);
        await tellSavedLogin(trial, lostLogin, ben, login);
        const events = await store.ask('events');
        const isOff = events.lastIndexOf('disconnect') > events.lastIndexOf('connect');
        const words = `express-session heard: ${inTurn(events) || 'nothing'}`;
        trial.tell(
          told,
          isOff
            ? bad('disconnect for ever', words)
            : ok(events.includes('disconnect') ? 'both' : 'no', words),
          Number.POSITIVE_INFINITY,
        );
      });
      // What a process printed is in a log, even after it has ended.
      await work.finally(() => tellDiscreet(trial, [...said, store.printed].join('\n'), id, !store.hasEnded));
    },
  },
  {
    behaviours: [lostSet, lostDestroy],
    alone: true,
    waits: 15,
    needs: 'place',
    async ask(trial) {
      const store = await trial.open();
      const [id, left] = [trial.newId(), trial.newId()];
      const session = { id, data: { n: 1 }, maxAge: 600_000, limitMs: trial.limits.outage } as const;
      for (const each of [id, left])
        await store.call({ method: 'set', ...session, id: each }, trial.limits.call);
      await lose(trial, store);
      const calls = [
        { method: 'set', ...session, data: { n: 2 } },
        { method: 'destroy', ...session, id: left },
      ] as const;
      const [set, destroy] = (await store.together(calls, trial.limits.outage)) as [Outcome, Outcome];
      const after = await asWasSaid(trial, store, { id, left }, [set, destroy]);
      tellCall(trial, lostSet, set, after);
      tellCall(trial, lostDestroy, destroy, after);
    },
  },
  {
    behaviours: [cutBack],
    alone: true,
    needs: 'server',
    async ask(trial) {
      const store = await trial.open();
      const id = trial.newId();
      await store.call({ method: 'set', id, data: { n: 1 }, maxAge: 600_000 }, trial.limits.call);
      const words: string[] = [];
      let [found, asked] = [0, 0];
      for (let cut = 0; cut < CUTS; cut++) {
        trial.site.proxy?.drop();
        for (let n = 0; n < 10; n++) {
          const got = await store.call({ method: 'get', id }, trial.limits.call);
          asked++;
          if (isFound(got)) found++;
          else words.push(describeOutcome(got));
          if (isSilent(got)) cut = n = CUTS * 10;
        }
      }
      const seen = `${CUTS} times 10 get() after a cut: ${found} of ${asked} found it${words.length ? `; the others: ${words.join('; ').slice(0, 300)}` : ''}`;
      trial.tell(cutBack, found === asked ? ok('all', seen) : bad(`${found} of ${asked}`, seen));
    },
  },
  {
    behaviours: [silentGet, silentBack],
    alone: true,
    waits: 18,
    needs: 'server',
    async ask(trial) {
      const store = await trial.open();
      const id = trial.newId();
      await store.call({ method: 'set', id, data: { n: 1 }, maxAge: 600_000 }, trial.limits.call);
      trial.site.proxy?.hang();
      tellCall(trial, silentGet, await store.call({ method: 'get', id }, trial.limits.outage));
      await trial.site.back();
      await tellRecovery(trial, silentBack, store, id);
    },
  },
];

/**
 * A process still writes to a file that was moved while open. A success counts when another process sees it after this one was killed.
 * @returns words, when both calls took effect; otherwise undefined
 */
async function asWasSaid(
  trial: Trial,
  store: StoreProcess,
  { id, left }: { id: string; left: string },
  said: readonly Outcome[],
): Promise<string | undefined> {
  if (trial.site.proxy || !said.every(isDone)) return undefined;
  await store.end();
  await trial.site.back();
  const other = await trial.open();
  const get = (of: string) => other.call({ method: 'get', id: of }, trial.limits.call);
  const [saved, destroyed] = [await get(id), await get(left)];
  const words = `. Then the process was killed, and the folder was back. In a new process get of what was saved: ${describeOutcome(saved)}; of what was destroyed: ${describeOutcome(destroyed)}`;
  return dataOf(saved)?.n === 2 && isNone(destroyed) ? words : undefined;
}

/** Takes the backend away. The first calls after that fail with the open connections, so that the store notices. */
async function lose(trial: Trial, store: StoreProcess): Promise<void> {
  await trial.site.away();
  for (let first = 0; first < 4; first++) {
    store.call({ method: 'get', id: 'kit-first' }, trial.limits.outage).catch(() => {});
    await delay(300);
  }
}

/** 'connect, 12 times disconnect, connect' */
function inTurn(events: readonly string[]): string {
  const turns: { event: string; times: number }[] = [];
  for (const event of events) {
    const last = turns.at(-1);
    if (last?.event === event) last.times++;
    else turns.push({ event, times: 1 });
  }
  return turns.map(({ event, times }) => (times > 1 ? `${times} times ${event}` : event)).join(', ');
}

/** Whether errors, pages or output contain data that do not belong in a log. */
function tellDiscreet(trial: Trial, said: string, id: string, isWhole: boolean): void {
  const spilt = [
    ['an ID', id],
    ['session data', SECRET],
    ['the password', 'kit-password'],
  ].filter(([, word = '']) => said.includes(word));
  const line = said.split('\n').find((each) => spilt.some(([, word = '']) => each.includes(word)));
  if (spilt.length === 0 && !isWhole) return;
  const cell = spilt.length
    ? bad(`tells ${spilt.map(([name]) => name).join(', ')}`, `${line?.slice(0, 200)}`)
    : ok('yes', 'None of them in the errors of get and set, the pages, and what the process printed.');
  trial.tell(discreet, cell, Number.POSITIVE_INFINITY);
}
