import { randomUUID } from 'node:crypto';
import type { MongoClient } from 'mongodb';
import { type Greeting, takesRetries } from './deployment.ts';
import { type Finding, fault, good, type Layer, note } from './finding.ts';

/** mongod's codes (MongoDB source, error_codes.yml). */
const UNAUTHORIZED = 13;
const ILLEGAL_OPERATION = 20;
const NOT_PRIMARY = [10107, 13435];

/**
 * Tries a retryable write, because some services claim in their greeting to take them and refuse. It is a delete of one document by an `_id`
 * that was made up this moment: a single-document delete is sent with a transaction number like any other retryable write, and it matches
 * nothing. It creates no collection either, as only inserts and upserts do. `next` is set when the database can be written.
 */
export async function examineWrites(
  client: MongoClient,
  named: boolean,
  greeting: Greeting,
  redact: (text: string) => string,
): Promise<Layer<true>> {
  const sessions = client.db().collection<{ _id: string }>('sessions');
  try {
    // An unacknowledged write, as w=0 asks for, would be sent without a number and answered by nobody.
    await sessions.deleteOne({ _id: `doctor-${randomUUID()}` }, { writeConcern: { w: 1 } });
    return { findings: [carried(client, greeting)], next: true };
  } catch (error) {
    return { findings: [refusal(error, client, named, redact)] };
  }
}

function carried(client: MongoClient, greeting: Greeting): Finding {
  if (!takesRetries(greeting)) {
    return good('retryable-writes', 'writes', 'taken; a standalone server is not asked for retryable ones');
  }
  if (client.options.retryWrites) {
    return good('retryable-writes', 'writes', 'a retryable write (a delete that matches nothing) is taken');
  }
  return note(
    'retryable-writes',
    'writes',
    'taken, not retried (retryWrites=false): a dropped connection fails them',
  );
}

function refusal(
  error: unknown,
  client: MongoClient,
  named: boolean,
  redact: (text: string) => string,
): Finding {
  const { message, originalError, ...own } = error as Error & {
    code?: number;
    originalError?: { code?: number };
  };
  // Driver 6 wraps the server's error in one without a code.
  const code = own.code ?? originalError?.code ?? 0;
  const { databaseName } = client.db();
  if (code === ILLEGAL_OPERATION)
    return fault('retryable-writes', 'writes', 'retryable writes are refused (code 20)');
  if (code === UNAUTHORIZED && !client.options.credentials) {
    const words = 'the server asks for a log-in, and the string names no user';
    return fault('credentials', 'log-in', words, 'Write mongodb://USER:PASSWORD@HOST/…, both encoded.');
  }
  if (code === UNAUTHORIZED && !named) {
    const words = 'none named: that leads to "test", which this user may not use';
    return fault('database-name', 'database', words);
  }
  if (code === UNAUTHORIZED)
    return fault('permission', 'writes', `this user may not write in ${databaseName}`);
  if (NOT_PRIMARY.includes(code)) return fault('not-primary', 'writes', 'this server takes no writes');
  return fault('hello', 'writes', `the driver says: ${redact(message)}`);
}
