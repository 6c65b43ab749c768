import { type Document, UUID } from 'bson';
import { checkCommand } from '../args.ts';
import { keyOf } from '../compare.ts';
import type { Steps } from '../turns.ts';
import { isArray, isDoc } from '../values.ts';
import type { Call, Handler, Handlers } from './call.ts';

// A session has only its cursors: there are no transactions.

/** In minutes (MongoDB manual, "localLogicalSessionTimeoutMinutes"). */
export const SESSION_TIMEOUT = 30;

const startSession: Handler = ({ command }) => {
  checkCommand(command, 'startSession', []);
  return { id: { id: new UUID() }, timeoutMinutes: SESSION_TIMEOUT, ok: 1 };
};

const refreshSessions: Handler = () => ({ ok: 1 });

const endSessions = function* ({ command, name, cursors }: Call): Steps<Document> {
  const asked = command.get(name);
  const sessions = new Set<string>();
  for (const session of isArray(asked) ? asked : []) {
    if (isDoc(session)) sessions.add(keyOf(session.get('id')));
    yield;
  }
  cursors.endSessions(sessions);
  return { ok: 1 };
};

/** Ends all sessions, also when only those of some users are named. */
const killAllSessions: Handler = ({ cursors }) => {
  cursors.endSessions();
  return { ok: 1 };
};

export const SESSIONS: Handlers = {
  startSession,
  refreshSessions,
  endSessions,
  killSessions: endSessions,
  killAllSessions,
  killAllSessionsByPattern: killAllSessions,
};
