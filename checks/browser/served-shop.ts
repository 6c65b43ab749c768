import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { MemoryStore } from 'express-session';
import { storeBench } from '#shop/store-bench.ts';
import { shopHeader, shopViews } from '#shop/views.ts';
import { createApp } from '../../solutions/01-memory-store/app.ts';

/**
 * Serves a shop with every kind of page: lesson 1's solution, the store
 * bench of lesson 2 at /store, and at /broken-store one whose store does not answer.
 * @returns its address, without a slash at the end, and a function that closes it
 */
export async function serveShop(): Promise<{ url: string; close: () => Promise<void> }> {
  const app = express();
  for (const [path, store] of [
    ['/store', new MemoryStore()],
    ['/broken-store', new BrokenStore()],
  ] as const)
    app.use(path, bench(store));
  app.use(createApp({ sessionSecret: 'for looking at pages', mongodbUri: 'mongodb://127.0.0.1:1/shop' }));

  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function bench(store: MemoryStore): Express {
  const app = express();
  shopViews(app);
  app.use(shopHeader, storeBench(store));
  return app;
}

/** Fails with the driver's message for an unreachable hosted cluster, which is a row of long words. */
class BrokenStore extends MemoryStore {
  override get(_id: string, done: Parameters<MemoryStore['get']>[1]): void {
    done(new Error(`getaddrinfo ENOTFOUND ${'ac-k3v9x1b-shard-00-00.'.repeat(4)}mongodb.example.net`));
  }
}
