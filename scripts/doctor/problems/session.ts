import { type Problem, reported } from './problem.ts';

const NAMES =
  'cart|isLoggedIn|userId|user|flash|views|isAuth|loggedIn|isAuthenticated|username|passport|destroy|save|regenerate|touch|cookie';

/** What express-session says, and what goes wrong around it. */
export const OF_SESSION = {
  'memory-store': {
    says: ['Warning: connect.session() MemoryStore is not designed for a production environment'],
    cause:
      'session() was given no store, so sessions are in the memory of this one process, and are gone when it ends.',
    fix: 'Make a store and give it to session(): session({ store, … }).',
    lesson: 3,
  },
  'session-secret': {
    says: ['secret option required for sessions', 'secret option array must contain one or more strings'],
    cause: 'session() was given no secret: the variable it comes from is not set, or .env was not loaded.',
    fix: 'Give it secret, from a variable of the environment, and stop the start when that is missing.',
    lesson: 3,
  },
  'session-deprecations': {
    says: [
      'undefined resave option; provide resave option',
      'undefined saveUninitialized option; provide saveUninitialized option',
      'req.secret; provide secret option',
      'maxAge as Date; pass number of milliseconds instead',
    ],
    cause: 'An option of session() was left out, and its default will change or is not what most apps need.',
    fix: 'Write resave: false, saveUninitialized: false, and a secret; maxAge is a number of milliseconds.',
    lesson: 3,
  },
  'session-options': {
    says: [
      'genid option must be a function',
      'unset option must be "destroy" or "keep"',
      'maxAge must be a number or Date',
      'argument options must be a object',
      ...reported('option maxAge is invalid'),
      'option sameSite is invalid',
      ...reported('option expires is invalid'),
      'option domain is invalid',
      ...reported('option path is invalid'),
      'option priority is invalid',
    ],
    cause:
      'An option of session(), or of its cookie, has a value of the wrong kind, such as a text where a number belongs.',
    fix: "Correct that option: Number(process.env.MAX_AGE) for a number, 'lax', 'strict' or 'none' for sameSite.",
    lesson: 9,
  },
  'express-too-old': {
    says: [
      ...reported(
        'Most middleware (like session) is no longer bundled with Express and must be installed separately',
      ),
    ],
    cause: 'express.session and the like were part of Express 3.',
    fix: 'npm install express-session, and write session(…) for express.session(…).',
    lesson: 1,
  },
  'session-missing': {
    says: [
      {
        text: "Cannot read properties of undefined (reading 'cart')",
        pattern: new RegExp(
          `Cannot read propert(?:ies of undefined \\(reading '(?:${NAMES})'\\)|y '(?:${NAMES})' of undefined)`,
        ),
      },
      {
        text: "Cannot set properties of undefined (setting 'userId')",
        pattern: new RegExp(
          `Cannot set propert(?:ies of undefined \\(setting '(?:${NAMES})'\\)|y '(?:${NAMES})' of undefined)`,
        ),
      },
    ],
    cause:
      'What stands before that name in the line is undefined. If it is req.session: session() is not mounted, stands below the route, or the line runs in the callback of destroy(). If it is another value: it is not there.',
    fix: 'Look at the line. req.session: put app.use(session(…)) above the routes. Else: ask whether the value is there before you use it.',
    lesson: 1,
  },
  'session-not-a-class': {
    says: [
      {
        text: 'cart.get is not a function',
        pattern: /\b(?:cart|user|loggedInAt|who|items|date)\??\.\w+ is not a function/,
      },
    ],
    cause:
      'What comes back from a store is plain data: no methods, no Map, no class, and on JSON stores no Date.',
    fix: 'Store plain values, and look the thing itself up by its ID on each request.',
    lesson: 7,
  },
  'headers-sent': {
    says: [
      'Cannot set headers after they are sent to the client',
      ...reported("Can't set headers after they are sent", 'ERR_HTTP_HEADERS_SENT'),
    ],
    cause: 'One request is answered twice, or the session is changed when the answer is on its way.',
    fix: 'Return after res.redirect() and res.send(); answer inside the callback of save(), regenerate() and destroy(), and only there.',
    lesson: 7,
  },
  'session-callback': {
    says: [
      {
        text: 'fn is not a function … express-session',
        pattern: /\bfn is not a function[\s\S]{0,400}express-session/,
      },
    ],
    cause: 'regenerate(), destroy() and save() of express-session take a callback, and return no promise.',
    fix: 'Give them a callback: req.session.regenerate((error) => { … }).',
    lesson: 7,
  },
  'session-circular': {
    says: [
      'Converting circular structure to JSON',
      'Do not know how to serialize a BigInt',
      'Cannot convert circular structure to BSON',
    ],
    cause:
      'Something in the session refers to itself or cannot be written as JSON: a request, a socket, a document with its model, a BigInt.',
    fix: 'Put plain values into the session: String(user._id), numbers, texts.',
    lesson: 7,
  },
  'session-load-failed': {
    says: ['failed to load session'],
    cause: 'req.session.reload() found no session: it was destroyed, or it ended meanwhile.',
    fix: 'Take it for logged out: send the visitor to the login.',
    lesson: 9,
  },
} as const satisfies Record<string, Problem>;

/** The stores, and what two of them do to each other. */
export const OF_STORE = {
  'store-set-failed': {
    says: [
      {
        text: 'Error setting … to …',
        pattern: /Error setting \S+ to (?:Session|\[object Object\]|\{)/,
        echo: true,
      },
      { text: 'Error finding …: …', pattern: /Error finding [\w-]{20,}/, echo: true, reported: true },
    ],
    cause:
      'connect-mongodb-session could not do it. Its message quotes the whole session; the cause is the last line.',
    fix: 'Look for the cause behind the last colon. Keep this message out of logs: it holds the session ID.',
    lesson: 10,
  },
  'store-class': {
    says: [
      "Class constructor MongoStore cannot be invoked without 'new'",
      ...reported('MongoStore is not a constructor'),
      {
        text: '(0, connect_mongo_1.default) is not a function',
        pattern: /connect_mongo_\d\.default\)?(?:\.create)? is not a (?:function|constructor)/,
        reported: true,
      },
      {
        text: "Cannot read properties of undefined (reading 'Store')",
        pattern: /Cannot read propert(?:ies of undefined \(reading 'Store'\)|y 'Store' of undefined)/,
      },
      {
        text: 'MongoStore.create is not a function',
        pattern: /MongoStore(?:\.default)?\.create is not a function/i,
        reported: true,
      },
    ],
    cause:
      'The two packages for MongoDB are made in two ways, and this is the way of the other one, or of an older version.',
    fix: 'connect-mongodb-session: const MongoDBStore = connectMongoDBSession(session); new MongoDBStore({ uri }). connect-mongo 4 and later: MongoStore.create({ mongoUrl }).',
    lesson: 2,
  },
  'connect-mongo-options': {
    says: [
      'You must provide either mongoUrl|clientPromise|client in options',
      ...reported('Cannot init client. Please provide correct options', 'Connection strategy not found'),
      'autoRemoveInterval is too large',
    ],
    cause:
      'connect-mongo was not told where MongoDB is: mongoUrl is undefined, or has another name, such as url or mongooseConnection.',
    fix: 'MongoStore.create({ mongoUrl: process.env.MONGODB_URI }), or client: mongoose.connection.getClient().',
  },
  'connect-mongo-touch': {
    says: ['Unable to find the session to touch'],
    cause: 'The session was destroyed or deleted while a request that uses it was under way.',
    fix: 'Nothing is lost: the visitor is logged out. With a TTL index that deletes too early, see that its seconds are 0.',
    lesson: 9,
  },
  'stores-mixed': {
    says: [
      {
        text: "Cannot read properties of undefined (reading 'expires')",
        pattern: /Cannot read propert(?:ies of undefined \(reading 'expires'\)|y 'expires' of undefined)/,
      },
      '"[object Object]" is not valid JSON',
      ...reported('Unexpected token o in JSON at position 1'),
    ],
    cause:
      'The collection holds sessions of another store: connect-mongo writes JSON text, connect-mongodb-session an object, and neither reads the other.',
    fix: 'On the day of the change take another collection, or delete the old documents: db.sessions.deleteMany({}). Everybody logs in once more.',
    lesson: 12,
  },
  'redis-store-class': {
    says: [
      "Class constructor RedisStore cannot be invoked without 'new'",
      ...reported(
        'RedisStore is not a constructor',
        'connect_redis_1.default is not a function',
        "has no exported member 'RedisStore'",
        'A client must be directly provided to the RedisStore',
      ),
      "The requested module 'connect-redis' does not provide an export named 'default'",
    ],
    cause:
      'connect-redis changed its import: until version 6 a function of session, 7 a default class, since 8 a class by name.',
    fix: "Version 8 and later: import { RedisStore } from 'connect-redis'; new RedisStore({ client }).",
    lesson: 12,
  },
  'redis-client': {
    says: [
      'The client is closed',
      ...reported(
        'Socket closed unexpectedly',
        'Connection timeout',
        'client.setex is not a function',
        'this.client.set is not a function',
      ),
    ],
    cause:
      'The client of Redis is not connected, was closed, or is of a version that connect-redis does not take.',
    fix: "Connect it first: await client.connect(), with a listener for 'error'. connect-redis 8 and later takes redis 4 and later.",
    lesson: 12,
  },
  'redis-login': {
    says: reported(
      'NOAUTH Authentication required',
      'WRONGPASS invalid username-password pair',
      'ERR AUTH',
      'ERR invalid password',
    ),
    cause: 'This Redis wants a password, and none or another one was sent.',
    fix: 'Write it into the address: redis://default:PASSWORD@HOST:6379, percent-encoded.',
    lesson: 12,
  },
  'redis-refuses': {
    says: reported(
      'OOM command not allowed when used memory',
      'MISCONF Redis is configured to save RDB snapshots',
      "READONLY You can't write against a read only replica",
      'LOADING Redis is loading the dataset in memory',
      'max number of clients reached',
    ),
    cause:
      'Redis answers and takes no writes: its memory or disk is full, it is a replica, or it is starting.',
    fix: 'Look at the server: maxmemory and its policy, the disk, the role. Sessions need the primary.',
    lesson: 12,
  },
} as const satisfies Record<string, Problem>;
