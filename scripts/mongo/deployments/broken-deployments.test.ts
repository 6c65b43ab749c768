import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '#shop/examination.ts';
import { type Problem, symptoms } from '#shop/patients.ts';
import { type EmbeddedMongo, startEmbedded } from '../../engine/server.ts';
import { type BrokenDeployments, startBrokenDeployments } from './broken-deployments.ts';

let engine: EmbeddedMongo;
let broken: BrokenDeployments;

beforeAll(async () => {
  engine = await startEmbedded();
  broken = await startBrokenDeployments(engine.uri);
});
afterAll(async () => {
  await broken.close();
  await engine.stop();
});
const wordsOf = async (problem: Problem, change = (uri: string) => uri) =>
  (await examine({ uri: change(broken.byProblem[problem].uri) })).said.map(
    ({ call, words }) => `${call}: ${words}`,
  );

const RETRYABLE =
  'This MongoDB deployment does not support retryable writes. Please add retryWrites=false to your connection string.';
const CLOSED = 'set: Error setting … to { … }: Topology is closed';

test.each<[Problem, (string | RegExp)[]]>([
  ['retryable-writes', [`set: Error setting … to { … }: ${RETRYABLE}`]],
  [
    'database-name',
    [/^connect: Error creating index: not authorized on test/, /^set: .*not authorized on test/],
  ],
  ['password', ['new MongoDBStore: Password contains unescaped characters']],
  ['auth-source', ['connect: Error connecting to db: Authentication failed.', CLOSED]],
  ['host-away', [/^driver: connect ECONNREFUSED 127\.0\.0\.1:\d+$/]],
  // Without IPv6 the system reports another code.
  ['localhost', [/^driver: connect E[A-Z]+ ::1:\d+/]],
  ['copy-paste', ['new MongoDBStore: option amp;w is not supported']],
  ['backslash', ['new MongoDBStore: options retrywrites\\, w\\ are not supported']],
  ['dead-store', [/^connect: Error connecting to db: connection \d+ to .* closed$/, CLOSED]],
])('%s: the driver or the store says it in its own words', async (problem, words) => {
  expect(await wordsOf(problem, (uri) => (problem === 'dead-store' ? `${uri}&appName=words` : uri))).toEqual(
    words.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))),
  );
});

test('there is one deployment for each symptom', () => {
  expect(Object.keys(broken.connections)).toEqual(symptoms.map(({ problem }) => problem));
  expect(JSON.parse(JSON.stringify(broken.connections))).toEqual(broken.connections);
});

test('removing retryWrites=true changes nothing, nor does directConnection; retryWrites=false does', async () => {
  const { tap } = broken.byProblem['retryable-writes'];
  const [said] = await wordsOf('retryable-writes');
  expect(await wordsOf('retryable-writes', (uri) => uri.replace('retryWrites=true&', ''))).toEqual([said]);
  expect(await wordsOf('retryable-writes', (uri) => `${uri}&directConnection=true`)).toEqual([said]);
  tap?.forget();
  expect(await wordsOf('retryable-writes', (uri) => uri.replace('=true', '=false'))).toEqual([]);
  expect(tap?.commands('update').map(({ body }) => 'txnNumber' in body)).toEqual([false]);
});

test('the price of retryWrites=false: a write that meets a stumbling server fails, where others are sent again', async () => {
  const { tap } = broken.byProblem['retryable-writes'];
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
  const { uri } = broken.byProblem['host-away'];
  expect(await examine({ uri })).toMatchObject({ state: 'waits', wait: 30_000 });
  const heard = await examine({ uri, connectionOptions: { serverSelectionTimeoutMS: 200 } });
  expect(heard).toMatchObject({ state: 'fails', wait: 200, said: [{ call: 'connect' }, { call: 'set' }] });
});

test('dead-store: each appName is let in late, and a store made after that lives', async () => {
  const uri = `${broken.byProblem['dead-store'].uri}&appName=one`;
  expect(await examine({ uri })).toMatchObject({ state: 'fails' });
  // Longer limits are no fix: the first connection does not time out, it fails.
  const connectionOptions = { serverSelectionTimeoutMS: 4000, connectTimeoutMS: 4000 };
  expect(await examine({ uri, connectionOptions })).toMatchObject({ state: 'fails' });
  expect(await examine({ uri })).toMatchObject({ state: 'stores' });
});
