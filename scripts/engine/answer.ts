import type { Document } from 'bson';
import { decode, encode } from './codec.ts';
import type { Call, Connection } from './commands/call.ts';
import { dispatch } from './commands/dispatch.ts';
import type { Cursors } from './cursors.ts';
import { DEFECTS } from './defects.ts';
import { CommandError, lacking } from './errors.ts';
import type { Users } from './scram.ts';
import type { Store } from './store.ts';
import type { Doc, Value } from './values.ts';
import type { Message } from './wire.ts';

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

/** Answers a command, whatever goes wrong. @throws {Error} only for a message that is no command */
export function answerTo(engine: Answering, connection: Connection, message: Message): Uint8Array {
  let read = false;
  let name = '';
  try {
    const command = commandOf(message);
    read = true;
    [name = ''] = command.keys();
    const answer = dispatch(callOf(engine, connection, name, command), message.legacy);
    for (const write of answer.writeErrors ?? []) recordRefusal(engine, name, write);
    return encode(answer);
  } catch (error) {
    if (!read && !(error instanceof CommandError)) throw error;
    const failed = error instanceof CommandError ? error : defect(error as Error);
    recordRefusal(engine, name, failed.toReply());
    return encode(failed.toReply());
  }
}

function callOf(
  { store, cursors, users }: Answering,
  connection: Connection,
  name: string,
  command: Doc,
): Call {
  const database = command.get('$db') ?? 'admin';
  if (typeof database !== 'string') throw new CommandError(14, "BSON field '$db' is the wrong type");
  return { name, database, command, store, cursors, users, connection };
}

function recordRefusal({ refusals }: Answering, command: string, { code, errmsg }: Document): void {
  if (code !== 238) return;
  const what = lacking(errmsg);
  if (!refusals.some((known) => known.command === command && known.what === what))
    refusals.push({ command, what });
}

/** The client is told, as by mongod, and goes on; tests and authors find the stack. */
function defect(error: Error): CommandError {
  DEFECTS.push(error);
  return new CommandError(1, `the embedded engine failed, please report it: ${error.message}`);
}

/** The body with its document sequences in it, as if they had been sent inside. */
function commandOf({ body, sequences }: Message): Doc {
  const command = new Map<string, Value>(decode(body));
  for (const [name, documents] of sequences) {
    if (command.has(name)) throw new Error(`the field ${name} twice`);
    command.set(
      name,
      documents.map((document) => decode(document)),
    );
  }
  return command;
}
