import { randomBytes } from 'node:crypto';
import type { LabContext } from './lab.ts';
import { LabProcess } from './lab-process.ts';
import type { StoreAt } from './servers.ts';
import type { ShopHost } from './shop-host.ts';

/** One secret for all shops of a run: a restarted shop must accept its shoppers' cookies. */
const secret = randomBytes(32).toString('hex');

/** A running shop of a lab. */
export interface LabShop {
  readonly url: string;
  /** Shuts the shop down gracefully and ends its process. */
  close(): Promise<void>;
  /** Kills the process, as a crash does. */
  kill(): Promise<void>;
}

/** Starts a shop in a separate process. It ends with the lab. */
export async function openShop(context: LabContext, { store, url }: StoreAt): Promise<LabShop> {
  const host = new LabProcess<ShopHost>('./shop-host.ts');
  context.defer(() => host.end());
  return {
    url: await host.ask('open', { store, url, secret }),
    close: async () => {
      await host.ask('close', undefined);
      await host.end();
    },
    kill: () => host.end(),
  };
}

/** Adds a product as a new shopper. @returns the Cookie header of the session */
export async function newShopper({ url }: LabShop): Promise<string> {
  const response = await fetch(`${url}/cart`, { method: 'POST' });
  await response.text();
  const [cookie = ''] = response.headers.getSetCookie();
  return cookie.split(';')[0] ?? '';
}

/** The number of products that the shop shows in a shopper's cart. */
export async function cartOf({ url }: LabShop, cookie: string): Promise<number> {
  const response = await fetch(`${url}/cart`, { headers: { cookie } });
  return Number(await response.text());
}
