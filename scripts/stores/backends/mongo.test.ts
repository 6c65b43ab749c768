import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { Backends } from './index.ts';

it('what a MongoDB holds is read with the ObjectIds that its driver makes', async () => {
  const backends = new Backends();
  onTestFinished(() => backends.stop());
  const backend = await backends.get('mongo');
  if ('missing' in backend) throw new Error(backend.missing);
  const place = await backend.place();
  const client = await MongoClient.connect(place.url);
  const { insertedId } = await client.db().collection('sessions').insertOne({ sid: 'a' });
  await client.close();
  await place.putOther?.('of another program');
  const dump = await place.dump();
  expect(dump).toContain(insertedId.toHexString());
  expect(dump).toContain('of another program');
});
