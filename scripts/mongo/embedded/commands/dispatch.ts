import type { Document } from 'bson';
import { CommandError } from '../errors.ts';
import { AGGREGATE } from './aggregate.ts';
import type { Call, Handler } from './call.ts';
import { FIND_AND_MODIFY } from './find-and-modify.ts';
import { HANDSHAKE, HELLO } from './handshake.ts';
import { INDEXES } from './indexes.ts';
import { NAMESPACES } from './namespaces.ts';
import { READS } from './reads.ts';
import { WRITES } from './writes.ts';

const HANDLERS = new Map<string, Handler>([
  ...HANDSHAKE,
  ...READS,
  ...AGGREGATE,
  ...WRITES,
  ...FIND_AND_MODIFY,
  ...INDEXES,
  ...NAMESPACES,
]);
/** The only commands that OP_QUERY may still carry (MongoDB manual, "Legacy Opcodes"). */
const LEGACY = new Set(HELLO.map(([name]) => name));

/** Fields that make a command part of a transaction or a retryable write. */
const TRANSACTION = ['txnNumber', 'startTransaction', 'autocommit'];

/** Answers a command, always: what goes wrong becomes an error reply. Only a defect of the engine throws. */
export function dispatch(call: Call, legacy: boolean): Document {
  try {
    return handlerOf(call, legacy)(call);
  } catch (error) {
    if (error instanceof CommandError) return error.toReply();
    throw error;
  }
}

function handlerOf({ name, command }: Call, legacy: boolean): Handler {
  if (legacy && !LEGACY.has(name)) {
    throw new CommandError(
      352,
      `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`,
    );
  }
  if (TRANSACTION.some((field) => command.has(field))) {
    throw new CommandError(20, 'Transaction numbers are only allowed on a replica set member or mongos');
  }
  const handler = HANDLERS.get(name);
  if (handler === undefined) throw new CommandError(59, `no such command: '${name}'`);
  return handler;
}
