import { ConnectionString } from 'mongodb-connection-string-url';
import { readNote } from '../course/open-lesson-note.ts';
import { examineForm } from '../doctor/form.ts';
import { redactor, shownUri } from '../shared/connection-string.ts';
import { shopEnvironment } from '../shared/environment.ts';
import { UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';

/** The database that Compass shows. */
export interface Target {
  readonly uri: string;
  /** The connection string without its password. */
  readonly shownUri: string;
  /** Its name: "lesson 6". */
  readonly name: string;
  /** The name of the database with the sessions. */
  readonly database: string;
  /** Whether documents may be changed: in the in-memory Mongo, not in a real one. */
  readonly mayWrite: boolean;
  /** Removes secrets from a message of the driver. */
  readonly redact: (text: string) => string;
}

/** The Mongo of the lesson that is open, else the one in `.env`. @throws {UsageError} when there is neither, or it is no connection string */
export function whichDatabase(root = ROOT, env = shopEnvironment(root)): Target {
  const note = readNote(root);
  if (note) return { ...target(note.uri), name: `lesson ${note.lesson}`, mayWrite: true };
  const uri = env.MONGODB_URI;
  if (!uri)
    throw new UsageError(
      'There is no database to look at. Open a lesson in another terminal first: npm run lesson 6. ' +
        'Or put the connection string of one into .env, as MONGODB_URI.',
    );
  return { ...target(uri), name: 'MONGODB_URI', mayWrite: false };
}

function target(uri: string): Omit<Target, 'name' | 'mayWrite'> {
  const { pathname } = parsed(uri);
  return {
    uri,
    shownUri: shownUri(uri),
    // Without a name, the driver and the session store use `test`.
    database: decodeURIComponent(pathname.slice(1)) || 'test',
    redact: redactor(uri),
  };
}

/** Examine the form first: in a password with unescaped characters, the driver takes a part of it for the host or the database. */
function parsed(uri: string): ConnectionString {
  const fault = examineForm(uri).findings.find(({ verdict }) => verdict === 'fault');
  if (fault) {
    throw new UsageError(`MONGODB_URI is not a connection string: ${fault.words}. npm run doctor says more.`);
  }
  try {
    return new ConnectionString(uri);
  } catch (error) {
    const why = redactor(uri)((error as Error).message).replace(/\.$/, '');
    throw new UsageError(`MONGODB_URI is not a connection string: ${why}. npm run doctor says more.`);
  }
}
