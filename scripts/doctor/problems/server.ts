import { type Problem, reported } from './problem.ts';

/** Refusals of a server, with its codes. */
export const OF_SERVER = {
  'auth-source': {
    says: [{ text: 'Authentication failed.', pattern: /\bAuthentication failed(?:\.|$|['"\n])/ }],
    codes: { 18: 'AuthenticationFailed' },
    cause: 'A user is looked for in the database of the URI, and was made in another one.',
    fix: 'Add authSource=admin, or the database in which the user was made.',
    lesson: 5,
  },
  credentials: {
    says: [
      { text: 'Authentication failed.', pattern: /\bAuthentication failed(?:\.|$|['"\n])/ },
      ...reported(
        'bad auth : authentication failed',
        'bad auth',
        'auth failed',
        'Could not find user',
        'no such user',
      ),
      'requires authentication',
      ...reported('there are no users authenticated'),
    ],
    codes: { 18: 'AuthenticationFailed', 11: 'UserNotFound', 8000: 'AtlasError' },
    cause: 'The user name or the password is wrong or missing; a server does not say which.',
    fix: "Set a new password for the database's user (not that of your account at Atlas) and put it in, encoded by encodeURIComponent().",
    lesson: 5,
  },
  'auth-mechanism': {
    says: [
      ...reported("AuthMechanism '…' not supported"),
      'authMechanism one of …, got …',
      ...reported(
        'Unable to use SCRAM-SHA-1',
        'Unsupported mechanism',
        'Received authentication for mechanism … which is not enabled',
      ),
    ],
    codes: { 334: 'MechanismUnavailable' },
    cause: 'authMechanism asks for a way to log in that the server, or this user, does not have.',
    fix: 'Delete authMechanism: the driver asks the server which one it has.',
  },
  permission: {
    says: [
      ...reported('not authorized on … to execute command'),
      ...reported('user is not allowed to do action […] on […]', 'CMD_NOT_ALLOWED'),
    ],
    codes: { 13: 'Unauthorized', 8000: 'AtlasError' },
    cause:
      'The log-in worked, but the user may not do this in this database. Without a name in the string it is the database "test".',
    fix: 'Give the user the role readWrite on this database, and see that the string names it: mongodb://HOST/shop.',
    lesson: 5,
  },
  quota: {
    says: reported(
      'you are over your space quota, using … MB of … MB',
      'cannot create a new collection -- already using … collections of …',
      'You have exceeded the maximum number of connections',
    ),
    codes: { 8000: 'AtlasError', 14031: 'OutOfDiskSpace' },
    cause:
      'The space, or the number of collections, that this cluster or disk has is used up. Reading still works.',
    fix: 'Delete what is not needed any more (expired sessions: is there a TTL index?), or take a larger cluster.',
    lesson: 9,
  },
  'atlas-no-app-name': {
    says: reported('no SNI name sent, make sure using a MongoDB 3.4+ driver/shell'),
    codes: { 8000: 'AtlasError' },
    cause: 'A cluster of Atlas finds itself by the host name in TLS, and the client sent an address or none.',
    fix: 'Use the host name that Atlas shows, not an IP address, and no proxy that drops it.',
  },
  'not-primary': {
    says: reported(
      'not primary',
      'not master',
      'node is not in primary or recovering state',
      'node is recovering',
    ),
    codes: { 10107: 'NotWritablePrimary', 13435: 'NotPrimaryNoSecondaryOk', 13436: 'NotPrimaryOrSecondary' },
    cause: 'This is a server that takes no writes: a secondary, or one started read-only.',
    fix: 'Drop directConnection=true and name the replica set, so that the driver finds its primary.',
  },
  'stepping-down': {
    says: reported(
      'Primary stepped down',
      'interrupted at shutdown',
      'operation was interrupted',
      'The server is in quiesce mode and will shut down',
      'not primary and will step down',
    ),
    codes: {
      91: 'ShutdownInProgress',
      189: 'PrimarySteppedDown',
      11600: 'InterruptedAtShutdown',
      11602: 'InterruptedDueToReplStateChange',
    },
    cause:
      'The server is restarting, or another member of the set becomes primary. That passes within seconds.',
    fix: 'Try again. Leave retryWrites on, which repeats one write by itself; if it does not pass, look at the server.',
    lesson: 10,
  },
  'server-timeout': {
    says: reported('operation exceeded time limit', 'ExceededTimeLimit'),
    codes: {
      50: 'MaxTimeMSExpired',
      262: 'ExceededTimeLimit',
      202: 'NetworkInterfaceExceededTimeLimit',
      89: 'NetworkTimeout',
    },
    cause: 'The server gave the operation up, because it took longer than it may.',
    fix: 'See how busy the server is, and whether the query has an index. A session is found by _id, which has one.',
  },
  'write-conflict': {
    says: reported('WriteConflict error', 'Please retry your operation or multi-document transaction'),
    codes: { 112: 'WriteConflict', 251: 'NoSuchTransaction' },
    cause: 'Two writes met on one document at the same moment, and this one lost.',
    fix: 'Try the transaction again, as its error label says. A session store uses none: look for the code that does.',
  },
  'keys-not-found': {
    says: reported('Cache Reader No keys found for HMAC that is valid for time'),
    codes: { 211: 'KeyNotFound' },
    cause:
      'A member of the replica set has no signing keys for its cluster time: it was just started or restored, or is not ready.',
    fix: 'Wait until the set has a primary and try again; if it stays, restart that member.',
  },
  'transaction-not-supported': {
    says: reported(
      'Cannot run … in a multi-document transaction',
      'is not supported in a multi-document transaction',
    ),
    codes: { 263: 'OperationNotSupportedInTransaction' },
    cause: 'A transaction holds an operation that may not be in one.',
    fix: 'Do it before the transaction. A session store needs no transaction.',
  },
  'retryable-writes': {
    says: [
      'This MongoDB deployment does not support retryable writes. Please add retryWrites=false to your connection string.',
      ...reported(
        'Transaction numbers are only allowed on a replica set member or mongos',
        'Retryable writes are not supported',
      ),
    ],
    codes: { 20: 'IllegalOperation' },
    cause: 'Drivers retry writes unless told otherwise, and this deployment says it can and refuses them.',
    fix: 'Add retryWrites=false. It costs that a write whose connection drops fails and is not tried again.',
    lesson: 5,
  },
  'not-supported': {
    says: reported(
      'no such command',
      'Command … not supported',
      'is not supported by the embedded engine',
      'Feature not supported',
    ),
    codes: {
      59: 'CommandNotFound',
      115: 'CommandNotSupported',
      238: 'NotImplemented',
      303: 'Feature not supported',
    },
    cause:
      'This server does not have the command or the feature: another service that speaks the protocol of MongoDB, or an older version.',
    fix: "Look for the command in the server's own documentation. In this workshop npm run mongod brings a real MongoDB.",
  },
  'index-conflict': {
    says: [
      'An equivalent index already exists with the same name but different options',
      ...reported(
        'Index already exists with a different name',
        'An existing index has the same name as the requested index',
        'Index with name … already exists with different options',
        'Index with name: … already exists with different options',
        'An equivalent index already exists with a different name and options',
      ),
    ],
    codes: { 85: 'IndexOptionsConflict', 86: 'IndexKeySpecsConflict' },
    cause:
      'An index on the same field is there with other options, such as another expireAfterSeconds or another name. The store cannot make its own.',
    fix: "Drop it, and let the store make its own: db.sessions.dropIndex('expires_1'). For another number of seconds: collMod.",
    lesson: 9,
  },
  'duplicate-key': {
    says: ['E11000 duplicate key error collection', ...reported('E11000 duplicate key error')],
    codes: { 11000: 'DuplicateKey' },
    cause:
      'Another document has this value already in a field with a unique index. The message names the index and the value.',
    fix: 'A user: say that the name is taken. Two writes at once: update with upsert and try again. null: make the index partial.',
  },
  'document-too-large': {
    says: [
      ...reported(
        'BSONObj size: … is invalid. Size must be between 0 and 16793600',
        'object to insert too large',
        'is larger than the maximum size 16777216',
      ),
      {
        text: 'document is too large',
        reported: true,
        pattern: /(?:Document|Resulting document after update) is (?:too large|larger than)/,
      },
    ],
    codes: {
      10334: 'BSONObjectTooLarge',
      17419: 'Resulting document is larger',
      17420: 'Document to upsert is larger',
    },
    cause: 'A document may have 16 MB. A session that comes near it holds things that belong elsewhere.',
    fix: 'Keep IDs in the session, and the things themselves in collections of their own.',
    lesson: 10,
  },
  'field-name': {
    says: [
      ...reported(
        "The dollar ($) prefixed field '…' in '…' is not valid for storage",
        "The dollar ($) prefixed field '…' in '…' is not allowed in the context of an update's replacement document",
        "The dotted field '…' in '…' is not valid for storage",
        "key … must not start with '$'",
        "key … must not contain '.'",
      ),
    ],
    codes: { 52: 'DollarPrefixedFieldName', 57: 'DottedFieldName' },
    cause: 'A key in the session begins with $ or has a dot in it, and MongoDB takes neither everywhere.',
    fix: 'Use keys of your own for what users type: an array of { name, value }, or an ID.',
  },
  'immutable-id': {
    says: [
      "would modify the immutable field '_id'",
      ...reported("the (immutable) field '_id' was found to have been altered"),
    ],
    codes: { 66: 'ImmutableField' },
    cause: 'An update sets _id to another value, and the _id of a document never changes.',
    fix: 'Leave _id out of the update, or write a new document.',
  },
  namespace: {
    says: [
      ...reported('Invalid namespace specified', 'Invalid collection name'),
      ...reported('Collection names must not start or end with', 'Collection names must not be empty'),
      ...reported("Database names cannot contain the character '…'", 'Invalid database name: …'),
    ],
    codes: { 73: 'InvalidNamespace' },
    cause: "A database's or a collection's name is empty or holds a sign that a name may not have.",
    fix: 'Name both by letters, digits, - and _.',
  },
  'server-error': {
    says: [],
    cause: 'The server, or the driver, refused, and the doctor does not know this refusal.',
    fix: "Read its words: they are the server's own. Its codes are in MongoDB's manual (Error Codes), its reasons in the server's log.",
  },
} as const satisfies Record<string, Problem>;

/** Problems of the collection `sessions` that fail without a message. */
export const OF_COLLECTION = {
  'ttl-index': {
    says: [],
    cause: 'No TTL index on expires: expired sessions stay in the collection for ever.',
    fix: 'db.sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 })',
    lesson: 9,
  },
  'ttl-seconds': {
    says: [],
    cause:
      'expires is the moment at which a session ends, and the index waits so many seconds more. A store that wants another number cannot make its index.',
    fix: "Drop it, and let the store make its own: db.sessions.dropIndex('expires_1').",
    lesson: 9,
  },
  'ttl-field': {
    says: [],
    cause:
      'A TTL index deletes by the date in its field, and this is not the field in which the store keeps the end of a session.',
    fix: 'Drop that index: a session would go at another moment than its cookie, or never.',
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
  'no-documents-of-store': {
    says: [],
    cause: 'Documents in the collection have no session in them: another program writes there.',
    fix: 'Give the sessions a collection of their own, by the option collection of the store.',
    lesson: 2,
  },
} as const satisfies Record<string, Problem>;
