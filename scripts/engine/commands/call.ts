import type { Document } from 'bson';
import { countArg, docArg, textArg } from '../args.ts';
import { keyOf } from '../compare.ts';
import type { Cursors } from '../cursors.ts';
import { CommandError } from '../errors.ts';
import { type Held, handOut, Item, type Items } from '../item.ts';
import type { Scram, Users } from '../scram.ts';
import type { Store } from '../store.ts';
import type { Job, Steps } from '../turns.ts';
import { type Doc, isDoc } from '../values.ts';

/** A log-in that has begun. */
export interface Login {
  readonly scram: Scram;
  /** Whether the client skips the empty message (`skipEmptyExchange`) that confirms the server's proof with an empty message (RFC 4422, section 3.6). */
  readonly short: boolean;
  /** Whether the client has proven its password, and only its empty message is missing. */
  readonly proven: boolean;
}

/** What the server remembers of one connection. */
export interface Connection {
  /** Counted from 1. */
  readonly id: number;
  /** HOST:PORT of its client. */
  readonly peer: string;
  /** The user who has logged in on it. */
  user?: string;
  login?: Login;
}

/** One command that the server runs. */
export interface Call {
  readonly name: string;
  readonly database: string;
  readonly command: Doc;
  readonly store: Store;
  readonly cursors: Cursors;
  readonly connection: Connection;
  /** Absent on a server without log-ins. */
  readonly users: Users | undefined;
  /** Has the command's time limit. */
  readonly job: Job;
}

/** Answers a command, in steps when it may take long. @throws {CommandError} for an error reply */
export type Handler = (call: Call) => Document | Steps<Document>;
/** Handlers by command name. */
export type Handlers = Readonly<Record<string, Handler>>;

export const NO_FILTER: Doc = new Map();

/** The collection a command names in its first field. @throws {CommandError} 14 when it is no text, 73 when it is empty */
export function collectionName({ command, name, database }: Call): string {
  const collection = textArg(command, name, name);
  if (collection !== '') return collection;
  throw new CommandError(73, `Invalid namespace specified '${database}.'`);
}

export const namespaceOf = (call: Call): string => `${call.database}.${collectionName(call)}`;

/** The size of the first batch that a listing asks for. */
export const batchSizeOf = ({ command, name }: Call): number | undefined =>
  countArg(docArg(command, name, 'cursor') ?? NO_FILTER, `${name}.cursor`, 'batchSize');

/** The client's session, with which its cursors end. */
export const sessionOf = ({ command }: Call): string | undefined => {
  const session = command.get('lsid');
  return isDoc(session) ? keyOf(session.get('id')) : undefined;
};

/** Answers with a cursor of descriptions, which belong to no collection. */
export function listing(call: Call, namespace: string, described: readonly Document[]): Steps<Document> {
  const held = { bytes: 0 };
  const answer = { namespace, held, batchSize: batchSizeOf(call), session: sessionOf(call) };
  return call.cursors.open({ ...answer, items: packedOnes(described, held) }, call.job);
}

function* packedOnes(described: readonly Document[], held: Held): Items {
  const items: Item[] = [];
  for (const one of described) {
    items.push(Item.described(one));
    yield;
  }
  yield* handOut(items, held);
}

/** @throws {CommandError} 13 for an administrative command that was sent to another database than `admin`, as in mongod */
export function adminOnly({ name, database }: Call): void {
  if (database === 'admin') return;
  throw new CommandError(13, `${name} may only be run against the admin database.`);
}
