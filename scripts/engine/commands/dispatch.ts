import type { Document } from 'bson';
import { checkCommand } from '../args.ts';
import { CommandError, notSupported } from '../errors.ts';
import type { Steps } from '../turns.ts';
import { AGGREGATE } from './aggregate.ts';
import { asksForLogIn, authorize } from './authentication.ts';
import type { Call, Handler } from './call.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import { EXPLAIN } from './explain.ts';
import { FIND_AND_MODIFY } from './find-and-modify.ts';
import { HANDSHAKE, HELLO } from './handshake.ts';
import { INDEXES } from './indexes.ts';
import { NAMESPACES } from './namespaces.ts';
import { READS } from './reads.ts';
import { OF_REPLICA_SETS, REFUSED } from './refused.ts';
import { SESSIONS } from './sessions.ts';
import { checkStableApi } from './stable-api.ts';
import { STATISTICS } from './statistics.ts';
import { WRITES } from './writes.ts';

const listCommands: Handler = ({ command }) => {
  checkCommand(command, 'listCommands', []);
  const described = [...HANDLERS.keys()].map((name) => [
    name,
    { help: '', requiresAuth: asksForLogIn(name) },
  ]);
  return { commands: Object.fromEntries(described), ok: 1 };
};

const HANDLERS: ReadonlyMap<string, Handler> = new Map(
  Object.entries({
    ...HANDSHAKE,
    ...READS,
    ...AGGREGATE,
    ...WRITES,
    ...FIND_AND_MODIFY,
    ...INDEXES,
    ...NAMESPACES,
    ...STATISTICS,
    ...DIAGNOSTICS,
    ...EXPLAIN,
    ...SESSIONS,
    listCommands,
  }),
);
/** The only commands that OP_QUERY may still carry (MongoDB manual, "Legacy Opcodes"). */
const LEGACY = new Set(Object.keys(HELLO));

/** Fields that make a command part of a transaction or a retryable write. */
const TRANSACTION = ['txnNumber', 'startTransaction', 'autocommit'];

/** Answers a command. @throws {CommandError} for an error reply; any other error is a defect of the engine */
export const dispatch = (call: Call, legacy: boolean): Document | Steps<Document> =>
  handlerOf(call, legacy)(call);

export const isSteps = (work: Document | Steps<Document>): work is Steps<Document> => Symbol.iterator in work;

function handlerOf(call: Call, legacy: boolean): Handler {
  const { name, command } = call;
  if (legacy && !LEGACY.has(name)) {
    throw new CommandError(
      352,
      `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`,
    );
  }
  const handler = HANDLERS.get(name);
  const known = handler !== undefined || REFUSED.has(name) || OF_REPLICA_SETS.has(name);
  if (!known) throw new CommandError(59, `no such command: '${name}'`);
  checkStableApi(name, command);
  authorize(call);
  if (TRANSACTION.some((field) => command.has(field))) {
    throw new CommandError(20, 'Transaction numbers are only allowed on a replica set member or mongos');
  }
  if (OF_REPLICA_SETS.has(name)) throw new CommandError(76, 'not running with --replSet');
  if (handler === undefined) throw notSupported(`the command ${name}`);
  return handler;
}
