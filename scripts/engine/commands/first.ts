import type { Items } from '../item.ts';
import { compileFilter } from '../query.ts';
import type { Sort } from '../sort.ts';
import type { Doc } from '../values.ts';
import { type Call, collectionName } from './call.ts';
import { matching } from './reads.ts';

/** The first document in an order that a filter matches, as it is when the search ends. */
export function* firstOf(call: Call, filter: Doc, order: Sort): Items {
  const collection = call.store.collection(call.database, collectionName(call));
  for (const item of order.apply(matching(call, filter, { backwards: order.natural === -1 }), { bytes: 0 })) {
    const now = item && collection?.current(item);
    const isSame = now !== undefined && now.packed === item?.packed;
    const found =
      isSame || (now !== undefined && compileFilter(filter)(now.doc)) ? (isSame ? item : now) : undefined;
    yield found;
    if (found !== undefined) return;
  }
}
