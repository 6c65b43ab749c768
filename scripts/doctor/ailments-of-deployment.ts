import type { Problem } from './problem.ts';

/** What a deployment can refuse, and what can lie in its collection `sessions`. */
export const OF_DEPLOYMENT = {
  'auth-source': {
    says: ['Authentication failed.'],
    cause: 'A user is looked for in the database of the URI, and was made in another one.',
    fix: 'Add authSource=admin, or the database in which the user was made.',
    lesson: 5,
  },
  credentials: {
    says: ['Authentication failed.', 'bad auth : authentication failed', 'requires authentication'],
    cause: 'The user name or the password is wrong or missing; a server does not say which.',
    fix: 'Set a new password for the user and put it in, encoded by encodeURIComponent().',
    lesson: 5,
  },
  permission: {
    says: ['not authorized on shop to execute command'],
    cause: 'The log-in worked, but the user may not read and write this database.',
    fix: 'Give the user the role readWrite on this database.',
  },
  'not-primary': {
    says: ['not primary'],
    cause: 'This is a server that takes no writes: a secondary, or one started read-only.',
    fix: 'Drop directConnection=true and name the replica set, so that the driver finds its primary.',
  },
  'retryable-writes': {
    says: [
      'This MongoDB deployment does not support retryable writes. Please add retryWrites=false to your connection string.',
      'Transaction numbers are only allowed on a replica set member or mongos',
    ],
    cause: 'Drivers retry writes unless told otherwise, and this deployment says it can and refuses them.',
    fix: 'Add retryWrites=false. It costs that a write whose connection drops fails and is not tried again.',
    lesson: 5,
  },
  'ttl-index': {
    says: [],
    cause: 'No TTL index on expires: expired sessions stay in the collection for ever.',
    fix: 'db.sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 })',
    lesson: 9,
  },
  'ttl-sweep': {
    says: [],
    cause: 'MongoDB deletes what is due about once a minute; what is overdue for long is not being deleted.',
    fix: 'See that the TTL index is on expires and that ttlMonitorEnabled is not turned off.',
    lesson: 9,
  },
  'session-expires': {
    says: [],
    cause: 'A TTL index deletes only documents whose expires is a Date.',
    fix: 'Delete these documents, and find the code that writes them past the store.',
    lesson: 9,
  },
  'session-size': {
    says: [],
    cause: 'The session is read on every request and written on every change, whole.',
    fix: 'Keep IDs in the session and the things themselves in collections of their own.',
    lesson: 10,
  },
  'session-secrets': {
    says: [],
    cause: 'A password or a whole user lies in the session, for everyone who can read the collection.',
    fix: 'Keep userId and isLoggedIn in the session, and look the user up by the ID.',
    lesson: 7,
  },
} as const satisfies Record<string, Problem>;
