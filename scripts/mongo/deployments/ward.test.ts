import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '#shop/examination.ts';
import { type Ailment, complaints } from '#shop/patients.ts';
import { type EmbeddedMongo, startEmbedded } from '../../engine/server.ts';
import { openWard, type Ward } from './ward.ts';

let engine: EmbeddedMongo;
let ward: Ward;

beforeAll(async () => {
  engine = await startEmbedded();
  ward = await openWard(engine.uri);
});
afterAll(async () => {
  await ward.close();
  await engine.stop();
});
const wordsOf = async (ailment: Ailment, change = (uri: string) => uri) =>
  (await examine({ uri: change(ward.patients[ailment].uri) })).said.map(
    ({ call, words }) => `${call}: ${words}`,
  );

const RETRYABLE =
  'This MongoDB deployment does not support retryable writes. Please add retryWrites=false to your connection string.';
const CLOSED = 'set: Error setting … to { … }: Topology is closed';

test.each<[Ailment, (string | RegExp)[]]>([
  ['retryable-writes', [`set: Error setting … to { … }: ${RETRYABLE}`]],
  [
    'database-name',
    [/^connect: Error creating index: not authorized on test/, /^set: .*not authorized on test/],
  ],
  ['password', ['new MongoDBStore: Password contains unescaped characters']],
  ['auth-source', ['connect: Error connecting to db: Authentication failed.', CLOSED]],
  ['host-away', [/^driver: connect ECONNREFUSED 127\.0\.0\.1:\d+$/]],
  // Without IPv6 the system has another name for the same.
  ['localhost', [/^driver: connect E[A-Z]+ ::1:\d+/]],
  ['copy-paste', ['new MongoDBStore: option amp;w is not supported']],
  ['backslash', ['new MongoDBStore: options retrywrites\\, w\\ are not supported']],
  ['dead-store', [/^connect: Error connecting to db: connection \d+ to .* closed$/, CLOSED]],
])('%s: the driver or the store says it in its own words', async (ailment, words) => {
  expect(await wordsOf(ailment, (uri) => (ailment === 'dead-store' ? `${uri}&appName=words` : uri))).toEqual(
    words.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))),
  );
});

test('every patient of the waiting room lies in the ward, and none besides', () => {
  expect(Object.keys(ward.charts)).toEqual(complaints.map(({ ailment }) => ailment));
  expect(JSON.parse(JSON.stringify(ward.charts))).toEqual(ward.charts);
});

test('removing retryWrites=true changes nothing, nor does directConnection; retryWrites=false does', async () => {
  const { tap } = ward.patients['retryable-writes'];
  const [said] = await wordsOf('retryable-writes');
  expect(await wordsOf('retryable-writes', (uri) => uri.replace('retryWrites=true&', ''))).toEqual([said]);
  expect(await wordsOf('retryable-writes', (uri) => `${uri}&directConnection=true`)).toEqual([said]);
  tap?.forget();
  expect(await wordsOf('retryable-writes', (uri) => uri.replace('=true', '=false'))).toEqual([]);
  expect(tap?.commands('update').map(({ body }) => 'txnNumber' in body)).toEqual([false]);
});

test('the price of retryWrites=false: a write that meets a stumbling server fails, where others are sent again', async () => {
  const { tap } = ward.patients['retryable-writes'];
  const stumble = { code: 6, message: 'as planned', labels: ['RetryableWriteError'] };
  await tap?.behave();
  tap?.fail('update', stumble);
  expect(await wordsOf('retryable-writes', (uri) => uri.replace('=true', '=false'))).toEqual([
    'set: Error setting … to { … }: as planned',
  ]);
  tap?.fail('update', stumble);
  expect(await wordsOf('retryable-writes')).toEqual([]);
  tap?.refuseRetryableWrites();
});

test('host-away: the driver knows at once and would say so in half a minute', async () => {
  const { uri } = ward.patients['host-away'];
  expect(await examine({ uri })).toMatchObject({ state: 'waits', wait: 30_000 });
  const heard = await examine({ uri, connectionOptions: { serverSelectionTimeoutMS: 200 } });
  expect(heard).toMatchObject({ state: 'fails', wait: 200, said: [{ call: 'connect' }, { call: 'set' }] });
});

test('dead-store: each appName is let in late, and a store made after that lives', async () => {
  const uri = `${ward.patients['dead-store'].uri}&appName=one`;
  expect(await examine({ uri })).toMatchObject({ state: 'fails' });
  // More patience is no cure: the first connection does not time out, it fails.
  const connectionOptions = { serverSelectionTimeoutMS: 4000, connectTimeoutMS: 4000 };
  expect(await examine({ uri, connectionOptions })).toMatchObject({ state: 'fails' });
  expect(await examine({ uri })).toMatchObject({ state: 'stores' });
});
