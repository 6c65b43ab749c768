import express from 'express';
import type { Bench } from './bench.ts';

/** The routes for shoppers: adding one, and changing each one's browser and cookies. */
export function shopperRoutes(bench: Bench): express.Router {
  const router = express.Router();
  const named = (name: unknown) => bench.shoppers.find((each) => each.name.toLowerCase() === name);
  router.post('/add', (_req, res) => {
    const next = bench.shoppers.find(({ isHere }) => !isHere);
    if (next) {
      next.isHere = true;
      bench.say(`${next.name} comes, with a browser of their own.`);
    } else bench.say('There is room for four shoppers.');
    bench.connected();
    res.status(204).end();
  });
  router.post('/:name/:what', (req, res) => {
    const shopper = named(req.params.name);
    const { name = '', value = '', from, delete: deletes } = req.body ?? {};
    if (!shopper) return void res.status(404).end();
    const { cookies } = shopper;
    const other = named(from);
    if (req.params.what === 'close') {
      cookies.closeBrowser();
      bench.say(`${shopper.name} closed the browser and opened it again.`);
    } else if (req.params.what === 'copy' && other) {
      cookies.copyFrom(other.cookies);
      bench.say(
        `${shopper.name} has the cookies of ${other.name} now: whoever holds the ticket gets the coat.`,
      );
    } else if (req.params.what === 'edit') {
      if (deletes) cookies.delete(String(name));
      else cookies.edit(String(name), encodeURIComponent(String(value).trim()));
      bench.say(`${shopper.name}’s cookie ${name} ${deletes ? 'is deleted' : 'has another value'}.`);
    }
    bench.changed();
    res.status(204).end();
  });
  return router;
}
