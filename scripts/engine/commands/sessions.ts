import { UUID } from 'bson';
import { checkCommand } from '../args.ts';
import { keyOf } from '../compare.ts';
import { type Found, isArray, isDoc } from '../values.ts';
import type { Handler, Handlers } from './call.ts';

// A session has nothing but its cursors: there are no transactions.

/** Minutes (MongoDB manual, "localLogicalSessionTimeoutMinutes"). */
export const SESSION_TIMEOUT = 30;

const startSession: Handler = ({ command }) => {
  checkCommand(command, 'startSession', []);
  return { id: { id: new UUID() }, timeoutMinutes: SESSION_TIMEOUT, ok: 1 };
};

const refreshSessions: Handler = () => ({ ok: 1 });

const endSessions: Handler = ({ command, name, cursors }) => {
  cursors.endSessions(sessionsIn(command.get(name)));
  return { ok: 1 };
};

/** All sessions of somebody, or that match patterns, here those of all. */
const killAllSessions: Handler = ({ cursors }) => {
  cursors.endSessions();
  return { ok: 1 };
};

function sessionsIn(asked: Found): string[] {
  return isArray(asked) ? asked.filter(isDoc).map((session) => keyOf(session.get('id'))) : [];
}

export const SESSIONS: Handlers = {
  startSession,
  refreshSessions,
  endSessions,
  killSessions: endSessions,
  killAllSessions,
  killAllSessionsByPattern: killAllSessions,
};
