import { Binary, type Document } from 'bson';
import { checkCommand, docArg, flagArg } from '../args.ts';
import { CommandError } from '../errors.ts';
import { authenticationFailed, Scram } from '../scram.ts';
import { type Doc, type Found, isDoc } from '../values.ts';
import { type Call, type Handler, type Handlers, NO_FILTER } from './call.ts';

/** The database of the users. A log-in to another one (`authSource`) finds none. */
const USERS_LIVE_IN = 'admin';
const MECHANISM = 'SCRAM-SHA-256';
/** mongod has it as well, but not for users made only with SCRAM-SHA-256: with it their log-in fails. */
const KNOWN_MECHANISM = 'SCRAM-SHA-1';
/** Commands that need no log-in: those of the engine with requiresAuth() false in mongod's source. */
const BEFORE = new Set(
  'hello isMaster ismaster ping buildInfo buildinfo saslStart saslContinue logout whatsmyuri connectionStatus listCommands'.split(
    ' ',
  ),
);

/** Whether a command needs a log-in, on a server with users. */
export const asksForLogIn = (name: string): boolean => !BEFORE.has(name);

/** @throws {CommandError} 13 when the command needs a log-in and there was none */
export function authorize({ name, users, connection }: Call): void {
  if (users === undefined || connection.user !== undefined || !asksForLogIn(name)) return;
  throw new CommandError(13, `Command ${name} requires authentication`);
}

function payloadOf(command: Doc): string {
  const payload = command.get('payload');
  if (payload instanceof Binary) return payload.toString('utf8');
  throw new CommandError(14, "BSON field 'payload' is the wrong type, expected type 'binData'");
}

const step = (done: boolean, payload: string): Document => ({
  conversationId: 1,
  done,
  payload: new Binary(Buffer.from(payload)),
});

function start({ users, connection }: Call, command: Doc, database: Found): Document {
  delete connection.login;
  const mechanism = command.get('mechanism');
  if (mechanism !== MECHANISM && mechanism !== KNOWN_MECHANISM) {
    throw new CommandError(
      334,
      `Received authentication for mechanism ${String(mechanism)} which is not enabled`,
    );
  }
  // Without users every credential is wrong, as on a mongod without these users.
  if (users === undefined || database !== USERS_LIVE_IN || mechanism !== MECHANISM)
    throw authenticationFailed();
  const scram = new Scram(users, payloadOf(command));
  const options = docArg(command, 'saslStart', 'options') ?? NO_FILTER;
  connection.login = {
    scram,
    short: flagArg(options, 'saslStart.options', 'skipEmptyExchange'),
    proven: false,
  };
  return step(false, scram.challenge);
}

const saslStart: Handler = (call) => ({ ...start(call, call.command, call.database), ok: 1 });

const saslContinue: Handler = ({ command, connection }) => {
  const { login } = connection;
  if (login === undefined) throw new CommandError(17, 'No SASL session state found');
  // One try for each conversation, also when it fails.
  delete connection.login;
  const payload = payloadOf(command);
  if (login.proven && payload !== '') throw authenticationFailed();
  const answer = login.proven ? '' : login.scram.verify(payload);
  const done = login.proven || login.short;
  if (done) connection.user = login.scram.user;
  else connection.login = { ...login, proven: true };
  return { ...step(done, answer), ok: 1 };
};

/** Ends the log-in of this connection; without one it changes nothing. */
const logout: Handler = ({ command, connection }) => {
  checkCommand(command, 'logout', []);
  delete connection.login;
  delete connection.user;
  return { ok: 1 };
};

/** The log-in mechanisms of an existing user (MongoDB manual, "hello", saslSupportedMechs). */
function mechanisms({ users, command }: Call): Document {
  const asked = command.get('saslSupportedMechs');
  const known = users?.names.some((name) => asked === `${USERS_LIVE_IN}.${name}`) ?? false;
  return known ? { saslSupportedMechs: [MECHANISM] } : {};
}

/** A log-in begun within the greeting, to save a round trip. A failed one is left out: the client then logs in by itself. */
function speculative(call: Call): Document {
  const first = call.command.get('speculativeAuthenticate');
  if (!isDoc(first)) return {};
  try {
    return { speculativeAuthenticate: { ...start(call, first, first.get('db')), ok: 1 } };
  } catch (error) {
    if (error instanceof CommandError) return {};
    throw error;
  }
}

/** The part of a greeting's reply about the client's user. */
export const introduced = (call: Call): Document => ({ ...mechanisms(call), ...speculative(call) });

export const AUTHENTICATION: Handlers = { saslStart, saslContinue, logout };
