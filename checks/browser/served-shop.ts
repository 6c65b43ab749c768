import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { MemoryStore } from 'express-session';
import { onTestFinished } from 'vitest';
import { storeBench } from '#shop/store-bench.ts';
import { shopHeader, shopViews } from '#shop/views.ts';
import { createApp } from '../../solutions/01-memory-store/app.ts';

/**
 * Serves a shop that has every kind of page, for as long as the test runs: the one of lesson 1's solution, the store
 * bench of lesson 2 at /store, and at /broken-store one whose store does not answer.
 * @returns its address, without a slash at the end
 */
export async function serveShop(): Promise<string> {
  const app = express();
  for (const [path, store] of [
    ['/store', new MemoryStore()],
    ['/broken-store', new BrokenStore()],
  ] as const)
    app.use(path, bench(store));
  app.use(createApp({ sessionSecret: 'for looking at pages', mongodbUri: 'mongodb://127.0.0.1:1/shop' }));

  const server = createServer(app).listen(0, '127.0.0.1');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  await once(server, 'listening');
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

function bench(store: MemoryStore): Express {
  const app = express();
  shopViews(app);
  app.use(shopHeader, storeBench(store));
  return app;
}

/** Says what the driver says when nothing listens at a hosted cluster's address: one long word after another. */
class BrokenStore extends MemoryStore {
  override get(_id: string, done: Parameters<MemoryStore['get']>[1]): void {
    done(new Error(`getaddrinfo ENOTFOUND ${'ac-k3v9x1b-shard-00-00.'.repeat(4)}mongodb.example.net`));
  }
}
