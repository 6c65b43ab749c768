import { leakIn } from '#checks/support/leak.ts';
import { must, needs } from '#grader/check/check.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { TappedCommand } from '../../scripts/mongo/tap.ts';
import { NO_RIGHTS } from './outage.ts';

// Checks of lesson 2 for the store that createStore returns, and likely reasons why it is not on shop.sessions.

/** How long a store may take to ask for its index after it has answered a call, in milliseconds. */
const INDEX_LIMIT = 5000;
/** How long it may take before the store has answered, in milliseconds. Only a wrong answer waits that long. */
const ASKING_LIMIT = 5000;
/** Words of an error message. */
const COMPLAINT = /\b(?:errors?|fail(?:s|ed|ure)?|undefined|cannot|could not)\b/i;

/** Where an answer makes its store. */
export const STORE = [/new \w*Store\w*\(/i, /createStore/];

/** The command by which a MongoDBStore asks for its index; undefined when none comes. */
export async function indexAsked(stage: Stage): Promise<TappedCommand | undefined> {
  const asked = stage.mongo.tap.seen('createIndexes', ASKING_LIMIT);
  const answered = stage
    .shopper('Ann')
    .isAnswered('/store/nobody')
    .then(() => stage.mongo.tap.seen('createIndexes', INDEX_LIMIT));
  return Promise.race([asked, answered]).catch(() => {
    // This store is not connected: the next steps need not wait as long for it.
    stage.shop.timeLimits.shorten();
    return undefined;
  });
}

/** Fails unless a store has connected to the database of the config, as the steps after 2.1 need. */
export async function mustHaveConnected(stage: Stage): Promise<void> {
  await stage.shop.opened();
  needs('2.1', stage.mongo.tap.connections > 0, {
    sent: 'createStore(config)',
    got: 'no connection to config.mongodbUri',
    likely: 'The store did not come to the database of the config: step 2.1 says why.',
    look: STORE,
  });
}

/** Fails when a shop prints an error although its store is connected and has its index. */
export async function mustBeQuiet(stage: Stage): Promise<void> {
  const shop = stage.otherShop({});
  await shop.opened();
  const visitor = stage.shopper('Ann', shop);
  const answer = await visitor.asks('/store', {});
  needs('2.2', answer.status < 500, {
    after: answer,
    likely: 'What createStore returns is no store that answers: step 2.2 says why.',
    look: STORE,
  });
  // The constructor calls back when the index is there: what it prints has come by the next answer.
  const index = await stage.mongo.tap.seen('createIndexes', INDEX_LIMIT).catch(() => undefined);
  await visitor.isAnswered('/store/nobody');
  const line = (await shop.close()).split('\n').find((each) => COMPLAINT.test(each));
  // On a busy machine a store with a short limit may give up before it is connected: then an error is right.
  must(line === undefined || !index, {
    sent: 'createStore(config), with a uri where MongoDB answers',
    got: `it printed: ${line?.trim().slice(0, 100)}`,
    likely:
      'The database is there, and the shop complains of it. The constructor calls back when all went well, too, with nothing: look whether there is an error before it is said.',
    look: [/console\.\w+/, ...STORE],
  });
}

/** Fails when a part of a session is printed because MongoDB refuses to store it. */
export async function mustNotQuote(stage: Stage): Promise<void> {
  const shop = stage.otherShop({});
  const visitor = stage.shopper('Ann', shop);
  await visitor.isAnswered('/store/nobody');
  stage.mongo.tap.fail('update', NO_RIGHTS);
  await visitor.asks('/store', {});
  await stage.mongo.tap.behave();
  const leak = leakIn(await shop.close(), { 'the session': 'made on the bench at' });
  must(!leak, {
    sent: 'POST /store, while MongoDB refused the update',
    got: `the shop printed ${leak?.what}:\n${leak?.line}`,
    likely:
      'An error of this store quotes the whole session, ID and all: whoever reads the log can be that shopper. Say that the store failed, and nothing of the error.',
    look: [/on\('error'/, /console\.\w+/, ...STORE],
  });
}

/** Why no store asked the database of the config for its TTL index. */
export async function likelyNotConnected(stage: Stage): Promise<string> {
  if (stage.mongo.tap.connections > 0) {
    return 'Something connected, but not a connect-mongodb-session store: that one asks for its TTL index at once.';
  }
  const kept = await stage
    .shopper('Ben')
    .asks('/store', {})
    .catch(() => undefined);
  const memory = 'createStore still returns a store in memory, such as the MemoryStore';
  if (kept?.status === 303 && kept.headers.location) {
    return `The store keeps sessions, and not where config.mongodbUri says: ${memory}, or the store went to another MongoDB. Without a uri it goes to mongodb://127.0.0.1:27017/test, whatever is there.`;
  }
  return 'The store keeps nothing, and nobody came to the address of config.mongodbUri: its uri is not the one of the shop, or it got no uri. Then it does not complain, and goes to mongodb://127.0.0.1:27017/test, whatever is there. Pass config.mongodbUri as it is.';
}

/**
 * Why a session that was stored has no document.
 * @param hasOthers whether shop.sessions holds other documents
 * @param elsewhere the other collections there are
 */
export function likelyNoDocument(hasOthers: boolean, elsewhere: readonly string[]): string {
  if (hasOthers)
    return 'There is a document, but its _id is something else. Leave idField out: the session ID is the _id.';
  if (elsewhere.length > 0) return `The session went to ${elsewhere.join(', ')}. Look at uri and collection.`;
  return 'The session is in no collection of this MongoDB: a store in memory keeps it in its process, or the store is on another MongoDB. Does createStore return the MongoDBStore it made, and was that given config.mongodbUri?';
}

/** Why the process of a shop ended when its database was away at the start. */
export function likelyEnded(shop: RunningShop): string {
  // Node says its version below an error that nothing caught.
  return shop.line(/^Node\.js v\d/)
    ? 'The constructor takes a callback as its second argument. Without one the failed first connection is thrown where nothing can catch it, even when there is an error listener. A callback or a listener that throws it again does the same.'
    : 'The answer ended its own process, by process.exit() or the like. A database that is away for a minute is no reason to close the shop: say so in the log, and go on.';
}
