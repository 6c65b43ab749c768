import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario } from '../kit/behaviour.ts';
import { bad, ok } from '../kit/cell.ts';
import { Visitor } from '../kit/visitor.ts';
import { inWords, isFound } from '../kit/words.ts';
import { judged, judgedPage, orEnds, recovery } from './outage-judging.ts';
import {
  cutBack,
  discreet,
  lostBack,
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

export const outage: readonly Scenario[] = [
  start,
  {
    behaviours: [lostLives, lostGet, lostSet, lostPage, lostLogin, lostBack, told, discreet],
    alone: true,
    needs: 'place',
    async ask(trial) {
      const store = await trial.open();
      const id = trial.newId('secret');
      const session = { id, data: { cart: SECRET }, maxAge: 600_000 };
      await store.call({ method: 'set', ...session }, trial.patience.call);
      const port = store.opened?.port ?? 0;
      const ann = new Visitor(port);
      await ann.ask('/login');
      await orEnds(trial, lostLives, store, async () => {
        await trial.site.away();
        // Not in the moment of the loss: a call then fails by the connection that it was given.
        await delay(1000);
        const [get, set, page, login] = await Promise.all([
          store.call({ method: 'get', id }, trial.patience.outage),
          store.call({ method: 'set', ...session }, trial.patience.outage),
          ann.ask('/me', trial.patience.outage),
          new Visitor(port).ask('/login', trial.patience.outage),
        ]);
        trial.tell(lostGet, judged(get));
        trial.tell(lostSet, judged(set));
        trial.tell(lostPage, judgedPage(page));
        trial.tell(lostLogin, judgedPage(login));
        await trial.site.back();
        trial.tell(lostBack, await recovery(trial, store, id));
        const said = [get.error, set.error, page.text, login.text, store.printed].join('\n');
        const spilt = [
          ['an ID', id],
          ['session data', SECRET],
          ['the password', 'kit-password'],
        ].filter(([, word = '']) => said.includes(word));
        const line = said.split('\n').find((each) => spilt.some(([, word = '']) => each.includes(word)));
        trial.tell(
          discreet,
          spilt.length
            ? bad(`tells ${spilt.map(([name]) => name).join(', ')}`, `${line?.slice(0, 200)}`)
            : ok(
                'yes',
                'None of them in the errors of get and set, the pages, and what the process printed.',
              ),
        );
        const events = await store.ask('events');
        const isOff = events.lastIndexOf('disconnect') > events.lastIndexOf('connect');
        const words = `express-session heard: ${events.join(', ') || 'nothing'}`;
        trial.tell(
          told,
          isOff
            ? bad('disconnect for ever', words)
            : ok(events.includes('disconnect') ? 'both' : 'no', words),
        );
      });
    },
  },
  {
    behaviours: [cutBack],
    alone: true,
    needs: 'server',
    async ask(trial) {
      const store = await trial.open();
      const id = trial.newId();
      await store.call({ method: 'set', id, data: { n: 1 }, maxAge: 600_000 }, trial.patience.call);
      trial.site.proxy?.drop();
      const words: string[] = [];
      let found = 0;
      for (let n = 0; n < 10; n++) {
        const got = await store.call({ method: 'get', id }, trial.patience.call);
        if (isFound(got)) found++;
        else words.push(inWords(got));
        if (got.callbacks === 0) break;
      }
      const seen = `${found} of 10 found it${words.length ? `; the others: ${words.join('; ').slice(0, 300)}` : ''}`;
      trial.tell(cutBack, found === 10 ? ok('10 of 10', seen) : bad(`${found} of 10`, seen));
    },
  },
  {
    behaviours: [silentGet, silentBack],
    alone: true,
    needs: 'server',
    async ask(trial) {
      const store = await trial.open();
      const id = trial.newId();
      await store.call({ method: 'set', id, data: { n: 1 }, maxAge: 600_000 }, trial.patience.call);
      trial.site.proxy?.hang();
      trial.tell(silentGet, judged(await store.call({ method: 'get', id }, trial.patience.outage)));
      await trial.site.back();
      trial.tell(silentBack, await recovery(trial, store, id));
    },
  },
];
