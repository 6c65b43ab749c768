import { MongoClient } from 'mongodb';

/**
 * Removes what a mongod's TTL monitor would remove at `now`, by the same TTL indexes. The monitor itself uses the machine's clock, once
 * a minute: a check can neither wait for it nor tell it another time.
 *
 * As documented for TTL indexes: a document expires `expireAfterSeconds` after the date in the indexed field; of several dates in an array
 * the earliest counts; without a date it never expires; a partial index
 * removes only what matches its filter.
 * @param uri mongodb://HOST:PORT/
 * @returns how many documents were removed
 */
export async function sweepByIndexes(uri: string, now: Date): Promise<number> {
  const client = await MongoClient.connect(uri);
  try {
    let gone = 0;
    for (const collection of await client.db('shop').collections()) {
      for (const { key, expireAfterSeconds, partialFilterExpression = {} } of await collection.indexes()) {
        const [field] = Object.keys(key);
        if (expireAfterSeconds === undefined || field === undefined) continue;
        const latest = new Date(now.getTime() - expireAfterSeconds * 1000);
        // $lte compares dates with dates only: documents with other values in the field stay.
        const due = { $and: [{ [field]: { $lte: latest } }, partialFilterExpression] };
        gone += (await collection.deleteMany(due)).deletedCount;
      }
    }
    return gone;
  } finally {
    await client.close();
  }
}
