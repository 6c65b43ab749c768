import type { Document } from 'bson';
import { countArg, docArg, textArg } from '../args.ts';
import { keyOf } from '../compare.ts';
import type { Cursors } from '../cursors.ts';
import { CommandError } from '../errors.ts';
import { handOut, Item } from '../item.ts';
import type { Scram, Users } from '../scram.ts';
import type { Store } from '../store.ts';
import type { Job, Steps } from '../turns.ts';
import { type Doc, isDoc } from '../values.ts';

/** A log-in that has begun. */
export interface Login {
  readonly scram: Scram;
  /** Without it (`skipEmptyExchange`) the client confirms the server's proof with an empty message (RFC 4422, section 3.6). */
  readonly short: boolean;
  /** The client has shown that it knows the password; its empty message is awaited. */
  readonly proven: boolean;
}

/** What the server remembers of one connection. */
export interface Connection {
  /** From 1. */
  readonly id: number;
  /** HOST:PORT of its client. */
  readonly peer: string;
  /** Who has logged in on it. */
  user?: string;
  login?: Login;
}

/** One command on its way through the server. */
export interface Call {
  readonly name: string;
  readonly database: string;
  readonly command: Doc;
  readonly store: Store;
  readonly cursors: Cursors;
  readonly connection: Connection;
  /** Absent on a server that asks nobody who they are. */
  readonly users: Users | undefined;
  /** Says how long the command may take. */
  readonly job: Job;
}

/** An answer, or its BSON. */
export type Reply = Document | Uint8Array;
/** Answers a command, in steps when it may take long. @throws {CommandError} for an error reply */
export type Handler = (call: Call) => Reply | Steps<Reply>;
/** By the names of their commands. */
export type Handlers = Readonly<Record<string, Handler>>;

export const NO_FILTER: Doc = new Map();

/** The collection a command names in its first field. @throws {CommandError} 14 when that is no text */
export const collectionName = ({ command, name }: Call): string => textArg(command, name, name);

export const namespaceOf = (call: Call): string => `${call.database}.${collectionName(call)}`;

/** The size of the first batch that a listing asks for. */
export const batchSizeOf = ({ command, name }: Call): number | undefined =>
  countArg(docArg(command, name, 'cursor') ?? NO_FILTER, `${name}.cursor`, 'batchSize');

/** The client's session, by which cursors are ended with it. */
export const sessionOf = ({ command }: Call): string | undefined => {
  const session = command.get('lsid');
  return isDoc(session) ? keyOf(session.get('id')) : undefined;
};

/** Answers with what is no collection's: a cursor of descriptions. */
export function listing(call: Call, namespace: string, described: readonly Document[]): Steps<Reply> {
  const held = { bytes: 0 };
  const items = handOut(described.map(Item.described), held);
  const answer = { namespace, items, held, batchSize: batchSizeOf(call), session: sessionOf(call) };
  return call.cursors.open(answer, call.job);
}

/** @throws {CommandError} 13 as mongod does for a command on its own or on everybody's data, sent to another database than `admin` */
export function adminOnly({ name, database }: Call): void {
  if (database === 'admin') return;
  throw new CommandError(13, `${name} may only be run against the admin database.`);
}
