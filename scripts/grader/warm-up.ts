import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MongoClient } from 'mongodb';
import type { Mongo } from '../mongo/index.ts';
import { ROOT } from '../shared/paths.ts';
import { CheckMongo } from './check/check-mongo.ts';
import { GradedCopy } from './graded-copy.ts';
import { bundled } from './shop-process/compiled-start.ts';
import { ShopProcess } from './shop-process/shop-process.ts';

/** How long the shop may take to open, in milliseconds. It is ours, so this is never reached. */
const OPENING_LIMIT = 15_000;

/** What is asked of the shop, so that it does what shops of learners will do: pages, and forms with what is in them. */
const VISIT: readonly (readonly [path: string, form?: Record<string, string>])[] = [
  ['/'],
  ['/cart', { product: 'mug' }],
  ['/cart', { product: 'mug' }],
  ['/cart'],
  ['/shop.css'],
  ['/logout', {}],
];

let warming: Promise<void> | undefined;

/**
 * Uses a shop of ours once, the first time after packages were installed: what V8 compiles meanwhile is kept, and every shop
 * process after that one needs a sixth less time. When it does not succeed, they are as slow as this one.
 */
export function warmUp(engine: Mongo, client: MongoClient): Promise<void> {
  // Several judges open at once, and one visit is enough for all of them.
  warming ??= existsSync(`${bundled('packages.cjs')}.v8`) ? Promise.resolve() : useShop(engine, client);
  return warming;
}

async function useShop(engine: Mongo, client: MongoClient): Promise<void> {
  const folder = readdirSync(join(ROOT, 'solutions'))
    .filter((name) => /^\d\d-/.test(name))
    .at(-1);
  if (!folder) return;
  const layers = ['lessons', 'solutions'].map((home) => join(ROOT, home, folder));
  const copy = new GradedCopy({ folder }, { layers, shownAs: folder });
  const mongo = await CheckMongo.open(engine, client);
  const shop = new ShopProcess();
  try {
    const config = { mongodbUri: mongo.uri, sessionSecret: 'only for this visit, which nobody sees' };
    const port = await shop.open({ app: await copy.compiled(), config, port: 0 }, OPENING_LIMIT);
    await visit(`http://127.0.0.1:${port}`);
    await shop.keepCompiled();
  } catch {
    // Whatever is wrong with this shop, it is not the learner's: theirs is graded next.
  } finally {
    await shop.end();
    await mongo.close();
    copy.remove();
  }
}

async function visit(url: string): Promise<void> {
  let cookie = '';
  for (const [path, form] of VISIT) {
    const answer = await fetch(url + path, {
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      headers: { cookie },
      redirect: 'manual',
    });
    await answer.arrayBuffer();
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
  }
}
