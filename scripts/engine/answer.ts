import type { Document } from 'bson';
import { decodeInSteps, encodeInSteps } from './codec.ts';
import type { Call, Connection } from './commands/call.ts';
import { dispatch, isSteps } from './commands/dispatch.ts';
import type { Cursors } from './cursors.ts';
import { DEFECTS } from './defects.ts';
import { CommandError, lacking } from './errors.ts';
import { toNumber } from './numbers.ts';
import type { Users } from './scram.ts';
import { checkDatabase, type Store } from './store.ts';
import type { Job, Steps } from './turns.ts';
import { type Doc, type Found, isNumeric, type Value } from './values.ts';
import { documentsIn, type Message } from './wire.ts';

/** A command that was answered, or a write of one, with error 238. */
export interface Refusal {
  /** Such as `aggregate`. */
  readonly command: string;
  /** Such as "the pipeline stage $lookup". */
  readonly what: string;
}

/** What a server needs to answer commands. */
export interface Answering {
  readonly store: Store;
  readonly cursors: Cursors;
  readonly users: Users | undefined;
  readonly refusals: Refusal[];
}

/** Answers a command; every failure becomes a reply. @throws {Error} only for a message that is no command */
export function* answerTo(
  engine: Answering,
  connection: Connection,
  message: Message,
  job: Job,
): Steps<Uint8Array> {
  let read = false;
  let name = '';
  try {
    const command = yield* commandOf(message);
    read = true;
    [name = ''] = command.keys();
    const work = dispatch(callOf(engine, connection, name, command, job), message.legacy);
    const answer = isSteps(work) ? yield* work : work;
    for (const write of answer.writeErrors ?? []) recordRefusal(engine, name, write);
    return yield* encodeInSteps(answer);
  } catch (error) {
    if (!read && !(error instanceof CommandError)) throw error;
    const failed = error instanceof CommandError ? error : defect(error as Error);
    recordRefusal(engine, name, failed.toReply());
    return yield* encodeInSteps(failed.toReply());
  }
}

function callOf(
  { store, cursors, users }: Answering,
  connection: Connection,
  name: string,
  command: Doc,
  job: Job,
): Call {
  const database = command.get('$db') ?? 'admin';
  if (typeof database !== 'string') throw new CommandError(14, "BSON field '$db' is the wrong type");
  checkDatabase(database);
  job.deadline = performance.now() + timeLimit(command.get('maxTimeMS'));
  return { name, database, command, store, cursors, users, connection, job };
}

/** How long a command may take, in milliseconds; without a limit for 0 or no value. @throws {CommandError} 2 */
function timeLimit(asked: Found): number {
  if (asked === undefined) return Number.POSITIVE_INFINITY;
  if (!isNumeric(asked)) throw new CommandError(2, 'maxTimeMS must be a number');
  const limit = toNumber(asked);
  if (!Number.isInteger(limit)) throw new CommandError(2, 'maxTimeMS has non-integral value');
  if (limit >= 0 && limit < 2 ** 31) return limit || Number.POSITIVE_INFINITY;
  throw new CommandError(2, `${limit} value for maxTimeMS is out of range [0, 2147483647]`);
}

function recordRefusal({ refusals }: Answering, command: string, { code, errmsg }: Document): void {
  if (code !== 238) return;
  const what = lacking(errmsg);
  if (!refusals.some((known) => known.command === command && known.what === what))
    refusals.push({ command, what });
}

/** An error reply, as mongod's, for the client; tests and authors find the stack in DEFECTS. */
function defect(error: Error): CommandError {
  DEFECTS.push(error);
  return new CommandError(1, `the embedded engine failed, please report it: ${error.message}`);
}

/** The body with its document sequences in it, as if they had been sent in it. */
function* commandOf({ body, sequences }: Message): Steps<Doc> {
  const command = new Map<string, Value>(yield* decodeInSteps(body));
  for (const [name, documents] of sequences) {
    if (command.has(name)) throw new Error(`the field ${name} twice`);
    const decoded: Doc[] = [];
    for (const document of documentsIn(documents)) {
      decoded.push(yield* decodeInSteps(document));
      yield;
    }
    command.set(name, decoded);
  }
  return command;
}
