import { type Problem, reported } from './problem.ts';

/** The stores, and conflicts between two of them. */
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
        text: "MongoStore.create … Cannot read properties of undefined (reading 'create')",
        pattern:
          /MongoStore\.create[^;]{0,200}Cannot read propert(?:ies of undefined \(reading 'create'\)|y 'create' of undefined)|Cannot read propert(?:ies of undefined \(reading 'create'\)|y 'create' of undefined).{0,300}connect.mongo/,
        reported: true,
      },
      {
        text: "Cannot read properties of undefined (reading 'MemoryStore')",
        pattern:
          /Cannot read propert(?:ies of undefined \(reading 'MemoryStore'\)|y 'MemoryStore' of undefined)/,
        reported: true,
      },
      {
        text: "Cannot set properties of undefined (setting '_emitter')",
        pattern: /Cannot set propert(?:ies of undefined \(setting '_emitter'\)|y '_emitter' of undefined)/,
        reported: true,
      },
      {
        text: "require('connect-mongo')(session) … is not a function",
        pattern:
          /require\('connect-mongo'\)\(\w+\).{0,300}is not a (?:function|constructor)|is not a (?:function|constructor).{0,300}require\('connect-mongo'\)\(\w+\)/,
        reported: true,
      },
      { text: "has no properties in common with type 'ConnectMongoOptions'", reported: true },
      {
        text: 'MongoStore.create is not a function',
        pattern: /MongoStore(?:\.default)?\.create is not a function/i,
        reported: true,
      },
    ],
    cause:
      'The two packages for MongoDB are made in two ways, and this is the way of the other one, or of an older version.',
    fix: "connect-mongodb-session: const MongoDBStore = connectMongoDBSession(session); new MongoDBStore({ uri }). connect-mongo 4 and later: MongoStore.create({ mongoUrl }); version 6 in CommonJS: const { MongoStore } = require('connect-mongo').",
    lesson: 2,
  },
  'store-shape': {
    says: ['store.on is not a function'],
    cause:
      'session() was given a store that is none: a class in place of an object, an object of another package, or a promise.',
    fix: 'Make the store before, by new or by await, and print it. It extends Store of express-session, so that it has on(), get(), set() and destroy().',
    lesson: 3,
  },
  'connect-mongo-options': {
    says: [
      ...reported('Required MongoStore option `db` missing or is not a string', 'con.db is not a function'),
      {
        text: 'clientPromise.then is not a function',
        pattern: /\bclientP(?:romise)?\.then is not a function/,
        reported: true,
      },
      'You must provide either mongoUrl|clientPromise|client in options',
      ...reported('Cannot init client. Please provide correct options', 'Connection strategy not found'),
      'autoRemoveInterval is too large',
    ],
    cause:
      'connect-mongo was not told where MongoDB is: mongoUrl is undefined, has another name, such as url or mongooseConnection, or the client is no MongoClient of the driver.',
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
      'The collection holds sessions that the store cannot read: those of another one (connect-mongo writes JSON text, connect-mongodb-session an object), or documents without a cookie.',
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
      {
        text: 'The "superCtor" argument must be of type … connect-redis',
        pattern:
          /(?:"superCtor" argument must be of type|super constructor to "inherits" must not be).{0,300}connect-redis/,
        reported: true,
      },
      "The requested module 'connect-redis' does not provide an export named 'default'",
      {
        text: "'RedisStore' only refers to a type, but is being used as a value here",
        reported: true,
      },
      {
        text: 'Type \'typeof import("…connect-redis…")\' has no call signatures',
        pattern: /connect-redis[^"']{0,80}["']\)' has no call signatures/,
        reported: true,
      },
      {
        text: "require('connect-redis')(session) … is not a function",
        pattern:
          /require\('connect-redis'\)\(\w+\).{0,300}is not a (?:function|constructor)|is not a (?:function|constructor).{0,300}require\('connect-redis'\)\(\w+\)/,
        reported: true,
      },
      {
        text: "connect-redis … Cannot read properties of undefined (reading 'Store')",
        pattern:
          /connect-redis.{0,300}Cannot read propert(?:ies of undefined \(reading 'Store'\)|y 'Store' of undefined)/,
        reported: true,
      },
      {
        text: "Cannot read properties of undefined (reading 'createClient')",
        pattern:
          /Cannot read propert(?:ies of undefined \(reading 'createClient'\)|y 'createClient' of undefined)/,
        reported: true,
      },
    ],
    cause:
      'connect-redis changed its import: until version 6 a function of session, 7 a default class, since 8 a class by name.',
    fix: "Version 8 and later: import { RedisStore } from 'connect-redis'; new RedisStore({ client }). The client is by name, too: import { createClient } from 'redis'.",
    lesson: 12,
  },
  'redis-client': {
    says: [
      'The client is closed',
      {
        text: 'Invalid argument type … encodeCommand',
        pattern: /Invalid argument type.{0,200}encodeCommand/,
        reported: true,
      },
      ...reported(
        'Socket closed unexpectedly',
        'Connection timeout',
        'Reached the max retries per request limit',
        '"arguments[2]" must be of type "string | Buffer"',
        'client.setex is not a function',
        'this.client.set is not a function',
      ),
      {
        text: 'client.get is not a function … connect-redis',
        pattern: /client\.get is not a function.{0,300}connect-redis/,
        reported: true,
      },
    ],
    cause:
      'The client of Redis is not connected, was closed, or is of a version that connect-redis does not take.',
    fix: "Connect it first: await client.connect(), with a listener for 'error'. connect-redis 7 and later takes redis 4 and later, without legacyMode.",
    lesson: 12,
  },
  'store-table': {
    says: [
      {
        text: 'relation "session" does not exist',
        pattern: /relation "(?:\w+\.)?(?:user_)?sessions?" does not exist/i,
        reported: true,
      },
    ],
    cause: 'A store in a relational database keeps its sessions in a table, and this one was not made.',
    fix: 'Run the SQL that comes with the store, such as table.sql of connect-pg-simple, or give the store createTableIfMissing: true, where it has that.',
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
