import { Item, type Items } from './item.ts';
import type { Doc } from './values.ts';

// Operations of queries and pipelines on single documents. Steps without a result are passed on.

export function* filtered(items: Items, accepts: (doc: Doc) => boolean): Items {
  for (const item of items) yield item !== undefined && accepts(item.doc) ? item : undefined;
}

export function* mapped(items: Items, change: (doc: Doc) => Doc): Items {
  for (const item of items) yield item && Item.made(change(item.doc));
}

/** Turns each document into any number of documents. */
export function* spread(items: Items, change: (doc: Doc) => Iterable<Doc>): Items {
  for (const item of items) {
    yield;
    if (item !== undefined) for (const made of change(item.doc)) yield Item.made(made);
  }
}

/** Skips the first `skip`, and returns at most `limit`. */
export function cut(items: Items, skip: number, limit: number): Items {
  const left = skip === 0 ? items : skipped(items, skip);
  return limit === Number.POSITIVE_INFINITY ? left : limited(left, limit);
}

function* skipped(items: Items, count: number): Items {
  let left = count;
  for (const item of items) yield item !== undefined && left-- > 0 ? undefined : item;
}

/** Ends with the last one, without searching for another. */
function* limited(items: Items, count: number): Items {
  let left = count;
  for (const item of items) {
    if (item !== undefined) left--;
    yield item;
    if (left <= 0) return;
  }
}
