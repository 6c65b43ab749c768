import { type Problem, reported } from './problem.ts';

/** The driver and Mongoose in one process with the store. */
export const OF_DRIVER = {
  'two-bson': {
    says: ['Unsupported BSON version, bson types must be from bson …'],
    cause:
      'A value of one driver version was given to another: Mongoose 9 has driver 7, connect-mongodb-session has driver 6, and their ObjectIds do not mix.',
    fix: 'Store plain values in the session: req.session.userId = String(user._id).',
    lesson: 7,
  },
  'mongoose-buffering': {
    says: ['Operation `…` buffering timed out after …ms'],
    cause:
      'The model is used, and its connection was never opened or failed: mongoose.connect() was not called, not awaited, or on another copy of Mongoose.',
    fix: 'await mongoose.connect(uri) before the server listens, and look for the error of the connection: it came first.',
    lesson: 5,
  },
  'mongoose-callback': {
    says: ['no longer accepts a callback', ...reported('MongooseError: Query was already executed')],
    cause: 'Mongoose 7 and later, and driver 5 and later, take no callbacks.',
    fix: 'Use await, or .then(): const user = await User.findOne({ email }).',
  },
  'object-id': {
    says: [
      'input must be a 24 character hex string',
      'Cast to ObjectId failed for value',
      ...reported(
        'Argument passed in must be a string of 12 bytes or a string of 24 hex characters',
        'Argument passed in must be a single String of 12 bytes',
      ),
    ],
    cause:
      'A text that is no ObjectId was taken for one: a route such as /new, an empty value, or a session ID, which is a plain string.',
    fix: 'Check the text before (ObjectId.isValid), put /new above /:id, and look for a session by its _id as it is.',
    lesson: 6,
  },
  'mongoose-model-twice': {
    says: ['Cannot overwrite `…` model once compiled'],
    cause: 'The file that makes the model is loaded twice: two spellings of its path, or a reload.',
    fix: 'Import it by one spelling, or use mongoose.models.User ?? mongoose.model(…).',
  },
  'driver-removed': {
    says: [
      {
        text: 'collection.insert is not a function',
        pattern:
          /\b(?:collection|coll|users|sessions|db|sessionsCollection|usersCollection)(?:\(\.*\))?\.(?:insert|update|remove|save|count|ensureIndex|findAndModify|collection|mapReduce|stats) is not a function/i,
      },
      ...reported('client.isConnected is not a function', 'result.ops is not iterable'),
      { text: 'client.collection is not a function', pattern: /client\.collection is not a function/ },
    ],
    cause:
      'Driver 5 and later have no such method, or it belongs to another object: collection() is a method of a database.',
    fix: 'insertOne, updateOne, deleteOne, countDocuments, createIndex; client.db().collection(…).',
  },
  'driver-not-connected': {
    says: reported(
      'MongoClient must be connected to perform this operation',
      'Cannot use a session that has ended',
    ),
    cause: 'The client was closed while it was still needed, often by client.close() in a finally.',
    fix: 'Make one client for the process and close it at its end, after the last request.',
    lesson: 11,
  },
  'undefined-collection': {
    says: [
      {
        text: "Cannot read properties of undefined (reading 'collection')",
        pattern:
          /Cannot read propert(?:ies of undefined \(reading '(?:collection|db)'\)|y '(?:collection|db)' of undefined)/,
      },
    ],
    cause: 'The variable for the database is still undefined: it is used before connect() has ended.',
    fix: 'await client.connect() before the server listens, and take client.db() from what it returns.',
  },
} as const satisfies Record<string, Problem>;

/** TypeScript, CommonJS and ES modules, packages. */
export const OF_MODULES = {
  'session-data-type': {
    says: ["Property '…' does not exist on type 'Session & Partial<SessionData>'"],
    cause:
      "TypeScript does not know this key of the session: express-session's SessionData is empty until it is told more.",
    fix: "declare module 'express-session' { interface SessionData { userId?: string } } in a .ts file that has an import or export.",
    lesson: 1,
  },
  'session-type-missing': {
    says: [
      {
        text: "Property 'session' does not exist on type 'Request…'",
        pattern: /Property 'session(?:ID|Store)?' does not exist on type '(?:Request|IncomingMessage)/,
      },
      ...reported("Could not find a declaration file for module 'express-session'"),
      ...reported("Could not find a declaration file for module 'connect-mongodb-session'"),
    ],
    cause: 'The types of express-session are a package of their own.',
    fix: 'npm install --save-dev @types/express-session @types/connect-mongodb-session, and import express-session in one file.',
    lesson: 1,
  },
  'user-type': {
    says: [
      {
        text: "Property 'user' does not exist on type 'Request…'",
        pattern:
          /Property '(?:user|flash|isAuthenticated|logout|logIn|login)' does not exist on type 'Request/,
      },
    ],
    cause: 'TypeScript does not know what Passport or your own middleware puts on the request.',
    fix: 'npm install --save-dev @types/passport (or @types/connect-flash), or: declare global { namespace Express { interface Request { user?: User } } }.',
  },
  'user-type-empty': {
    says: [...reported("Property '…' does not exist on type 'User'")],
    cause: '@types/passport leaves Express.User empty until it is told more.',
    fix: 'declare global { namespace Express { interface User { id: string } } }.',
  },
  'types-two-drivers': {
    says: reported(
      'Types have separate declarations of a private property',
      "is not assignable to type 'MongoClient'",
      "Type 'Db' is not assignable",
    ),
    cause: 'Two versions of mongodb are installed, and the types of one are given to the other.',
    fix: 'npm ls mongodb; install one version for all, or add "overrides" to package.json.',
  },
  'es-module-interop': {
    says: [
      ...reported(
        "can only be default-imported using the 'esModuleInterop' flag",
        "This module is declared with 'export ='",
      ),
    ],
    cause:
      'express-session and connect-mongodb-session are CommonJS, and TypeScript was not told how to import them.',
    fix: '"esModuleInterop": true in tsconfig.json (module nodenext has it).',
    lesson: 2,
  },
  'commonjs-types': {
    says: reported('ECMAScript imports and exports cannot be written in a CommonJS file under'),
    cause: 'With verbatimModuleSyntax a file is CommonJS unless package.json says "type": "module".',
    fix: 'Add "type": "module" to package.json.',
  },
  'require-in-esm': {
    says: [
      'require is not defined in ES module scope',
      'Dynamic require of "…" is not supported',
      '__dirname is not defined in ES module scope',
    ],
    cause: 'The file is an ES module ("type": "module", or .mjs), and require belongs to CommonJS.',
    fix: "Write import connectMongoDBSession from 'connect-mongodb-session'; import.meta.dirname for __dirname.",
    lesson: 2,
  },
  'import-in-commonjs': {
    says: [
      'Cannot use import statement outside a module',
      ...reported(
        "Unexpected token 'export'",
        'await is only valid in async functions and the top level bodies of modules',
      ),
    ],
    cause: 'The file is CommonJS, and import belongs to ES modules.',
    fix: 'Add "type": "module" to package.json, or write require().',
  },
  'require-of-esm': {
    says: reported('require() of ES Module … not supported', 'ERR_REQUIRE_ESM'),
    cause: 'The package is an ES module alone, and this Node does not load one by require().',
    fix: 'Use import, Node 22.12 or later, or an older version of that package.',
  },
  'named-import': {
    says: [
      "Named export '…' not found. The requested module '…' is a CommonJS module",
      "does not provide an export named '…'",
      {
        text: 'No matching export in "…" for import "…"',
        pattern: /No matching export in "[^"]*" for import/,
      },
    ],
    cause:
      'The module has no export of this name. connect-mongodb-session exports a function, and nothing by name.',
    fix: "See what the module exports, and import its default where it has one: import connectMongoDBSession from 'connect-mongodb-session'.",
    lesson: 2,
  },
  'default-import': {
    says: [
      {
        text: '(0 , express_session_1.default) is not a function',
        pattern: /express_session_\d\.default\)? is not a function/,
      },
      {
        text: 'connectMongoDBSession is not a function',
        pattern:
          /\b(?:connectMongoDBSession|connectMongoDbSession|MongoDBSession|MongoDBStore)(?:\.default)? is not a (?:function|constructor)/i,
      },
    ],
    cause:
      'The import gives something else than the function: import * as, a name in braces, or a compiler without esModuleInterop.',
    fix: 'import session from \'express-session\', and "esModuleInterop": true.',
    lesson: 2,
  },
  'module-missing': {
    says: [
      { text: "Cannot find module '…'", pattern: /Cannot find module '(?!ejs')[^']+'/ },
      { text: 'Could not resolve "…"', pattern: /Could not resolve "/ },
      'ERR_UNSUPPORTED_DIR_IMPORT',
      'Unknown file extension ".ts"',
    ],
    cause:
      'An import names a file that is not there. In ES modules a relative path needs its ending, and Node before 22.18 runs no TypeScript.',
    fix: "See its spelling and its ending: import './app.js'. A package: npm install. TypeScript: node --import tsx.",
  },
  'peer-dependency': {
    says: reported('ERESOLVE unable to resolve dependency tree', 'ERESOLVE could not resolve'),
    cause: 'Two packages want different versions of a third, such as connect-mongo and another mongodb.',
    fix: 'Read which: npm ls mongodb. Install the version that both take, rather than --force.',
  },
} as const satisfies Record<string, Problem>;
