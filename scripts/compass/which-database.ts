import { ConnectionString } from 'mongodb-connection-string-url';
import { readNote } from '../course/open-lesson-note.ts';
import { examineForm } from '../doctor/form.ts';
import { redactor, shownUri } from '../shared/connection-string.ts';
import { shopEnvironment } from '../shared/environment.ts';
import { UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';

/** The database that Compass is to show. */
export interface Target {
  readonly uri: string;
  /** The connection string as it may be printed: without its password. */
  readonly shownUri: string;
  /** What it is, as a name: "lesson 6". */
  readonly name: string;
  /** The database in it that has the sessions. */
  readonly database: string;
  /** An in-memory Mongo is there to be played with; somebody's real one is only looked at. */
  readonly mayWrite: boolean;
  /** Makes of the driver's words ones that may be printed. */
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
    // Without a name the driver, and so the session store, takes `test`.
    database: decodeURIComponent(pathname.slice(1)) || 'test',
    redact: redactor(uri),
  };
}

/** The driver would take a part of a password with unescaped characters for the host or the database. So the form comes first. */
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
