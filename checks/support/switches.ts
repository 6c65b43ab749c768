import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Opening } from '#grader/check/check.ts';
import { startTap } from '../../scripts/mongo/tap.ts';
import { shopEnvironment } from '../../scripts/shared/environment.ts';

/** What the switches can do to a database, and what the page says of it. */
const POSITIONS = {
  behave: 'It is there',
  refuse: 'It is down: connections are refused',
  hang: 'It is silent: connections are taken, nothing is answered',
} as const;
type Position = keyof typeof POSITIONS;

/**
 * Lesson 10's database, with a page of switches that take it away and bring it back. BEHIND_PROXY=1 in `.env` tells
 * the shop that a TLS proxy stands in front of it.
 */
export async function openSwitches(engineUri: string): Promise<Opening> {
  const tap = await startTap(engineUri);
  let position: Position = 'behave';
  const app = express();
  app.use(express.urlencoded());
  app.get('/', (_req, res) => {
    res.send(page(position));
  });
  app.post('/', async (req, res) => {
    const wanted: unknown = req.body?.position;
    if (isPosition(wanted)) {
      await tap.behave();
      await tap[wanted]();
      position = wanted;
    }
    res.redirect(303, '/');
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const behindProxy = shopEnvironment().BEHIND_PROXY === '1';
  return {
    config: { mongodbUri: `${tap.uri}shop`, databaseTimeoutMs: 2000, behindProxy },
    say: [
      `The switches of the database: http://127.0.0.1:${port}`,
      behindProxy
        ? 'The shop is told that it stands behind a TLS proxy: BEHIND_PROXY=1.'
        : 'The shop is told that no proxy stands in front of it.',
    ],
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await tap.stop();
    },
  };
}

function isPosition(wanted: unknown): wanted is Position {
  return typeof wanted === 'string' && Object.hasOwn(POSITIONS, wanted);
}

function page(position: Position): string {
  const buttons = Object.entries(POSITIONS).map(
    ([name, words]) =>
      `<p><button name="position" value="${name}" ${name === position ? 'disabled' : ''}>${words}</button></p>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The switches of the database</title>
<style>body { font: 1.125rem/1.5 system-ui; max-width: 34rem; margin: 2rem auto; padding: 0 1rem } button { font: inherit; padding: 0.5rem 1rem }</style>
<h1>MongoDB</h1>
<p role="status">${POSITIONS[position]}.</p>
<form method="post">
${buttons.join('\n')}
</form>
</html>`;
}
