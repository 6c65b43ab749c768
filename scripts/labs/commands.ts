import { createClient } from 'redis';
import { startTap } from '../mongo/tap.ts';
import type { LabContext } from './lab.ts';
import type { StoreAt } from './servers.ts';
import { type LabShop, newShopper, openShop } from './shop.ts';

/** The commands of a store during a request that reads the session, and one that changes it: 'find, update'. */
export interface Commands {
  readonly GET: readonly string[];
  readonly POST: readonly string[];
}

/** The names of the commands since the last call. */
type Take = () => Promise<string[]>;

/** Counts the commands of a store that `shop` uses. */
export async function countCommands(context: LabContext, at: StoreAt, shop: LabShop): Promise<Commands> {
  if (at.store === 'MemoryStore') return { GET: [], POST: [] };
  if (at.store === 'connect-redis') return during(shop, await redisTake(context, at.url));
  // In a separate shop: the proxy slows requests, so timings run without it.
  const tap = await startTap(at.url);
  context.defer(() => tap.stop());
  const url = new URL(new URL(at.url).pathname, tap.uri).href;
  const tapped = await openShop(context, { store: at.store, url });
  const commands = await during(tapped, async () => {
    const names = tap.commands().map(({ name }) => name);
    tap.forget();
    return names;
  });
  await tapped.close();
  return commands;
}

async function during(shop: LabShop, take: Take): Promise<Commands> {
  const cookie = await newShopper(shop);
  const ask = async (method: 'GET' | 'POST') => {
    await take();
    const response = await fetch(`${shop.url}/cart`, { method, headers: { cookie } });
    // The store has finished by then: express-session ends the answer after the save.
    await response.text();
    return take();
  };
  return { GET: await ask('GET'), POST: await ask('POST') };
}

async function redisTake(context: LabContext, url: string): Promise<Take> {
  const client = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  context.defer(() => client.close());
  const counts = async () => {
    const lines = (await client.info('commandstats')).matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm);
    return new Map([...lines].map(([, name = '', calls]) => [name, Number(calls)]));
  };
  let before = await counts();
  return async () => {
    const now = await counts();
    const names = [...now].flatMap(([name, calls]) =>
      // INFO is sent by this module.
      name === 'info' ? [] : Array<string>(calls - (before.get(name) ?? 0)).fill(name),
    );
    before = now;
    return names.sort();
  };
}
