import { expect, test } from 'vitest';
import { lookUp } from './look-up.ts';

// Error texts that developers reported in public, as they pasted them.
const MET: readonly (readonly [first: string, text: string])[] = [
  [
    'connection-closed',
    `Error: Error setting 2sUn6RY7uZ4ViKKdTlFIbArxX to Session {
  cookie: { path: '/', _expires: null, originalMaxAge: null, httpOnly: true, sameSite: 'none', secure: true }
}: connection 1 to 10.0.0.3:27017 closed
    at /usr/src/app/node_modules/connect-mongodb-session/index.js:229:21`,
  ],
  [
    'ip-access-list',
    `MongooseServerSelectionError: Could not connect to any servers in your MongoDB Atlas cluster. One common reason is
 that you're trying to access the database from an IP that isn't whitelisted. { reason: TopologyDescription { type: 'ReplicaSetNoPrimary'`,
  ],
  [
    'uri-undefined',
    `MongoServerSelectionError: Server selection timed out after 30000 ms {
  reason: TopologyDescription { type: 'Unknown', servers: Map(1) { 'undefined:27017' => ServerDescription {`,
  ],
  ['namespace', "MongoAPIError: Database names cannot contain the character '.'"],
  ['heap-full', 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
  ['session-not-a-class', 'TypeError: req.session.visits.getTime is not a function'],
  ['write-not-confirmed', 'MongoWriteConcernError: waiting for replication timed out'],
  ['no-server', 'MongooseServerSelectionError: Server selection timed out after 5000 ms'],
  [
    'host-away',
    'MongoServerSelectionError: connect ECONNREFUSED 10.0.0.3:27017, Server selection timed out after 5000 ms',
  ],
  [
    'driver-too-old',
    'MongoError: Unsupported OP_QUERY command: find. The client driver may require an upgrade.',
  ],
  ['driver-not-connected', 'MongoExpiredSessionError: Cannot use a session that has ended'],
  ['password', 'MongoParseError: Unescaped slash in userinfo section'],
  ['not-primary', 'MongoServerError: node is recovering'],
  [
    'store-table',
    'error: relation "session" does not exist\n    at /app/node_modules/pg-pool/index.js:45:11',
  ],
  ['default-import', 'TypeError: (0 , connect_mongodb_session_1.default) is not a function'],
  [
    'require-of-esm',
    'Error [ERR_PACKAGE_PATH_NOT_EXPORTED]: No "exports" main defined in /app/node_modules/connect-redis/package.json',
  ],
  [
    'redis-store-class',
    `TypeError: The super constructor to "inherits" must not be null or undefined
    at Object.inherits (util.js:969:11)
    at new module.exports (/app/node_modules/connect-redis/lib/connect-redis.js:137:8)`,
  ],
  [
    'redis-client',
    `TypeError: client.get is not a function
    at Object.get (/project/node_modules/connect-redis/dist/connect-redis.cjs:28:28)`,
  ],
  [
    'redis-store-class',
    `/app/node_modules/connect-redis/lib/connect-redis.js:33
  var Store = connect.session.Store;
TypeError: Cannot read property 'Store' of undefined`,
  ],
  [
    'store-class',
    `/app/node_modules/connect-mongo/src/index.js:57
  const Store = connect.Store || connect.session.Store
TypeError: Cannot read property 'Store' of undefined`,
  ],
  [
    'store-class',
    `store: MongoStore.create({ mongoUrl: process.env.MONGO_URI }),
                  ^
TypeError: Cannot read property 'create' of undefined`,
  ],
  [
    'redis-client',
    `TypeError: Invalid argument type
    at encodeCommand (C:\\app\\node_modules\\@redis\\client\\dist\\lib\\client\\RESP2\\encoder.js:17:19)
    at RedisStore.set (C:\\app\\node_modules\\connect-redis\\dist\\cjs\\index.js:71:39)`,
  ],
  [
    'cors-credentials',
    `Access to fetch at 'https://api.example.com/' from origin 'http://localhost:3000' has been blocked by CORS policy: Response to preflight
 request doesn't pass access control check: The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true'`,
  ],
  [
    'cookie-none',
    'Cookie “connect.sid” will be soon rejected because it has the “sameSite” attribute set to “none” or an invalid value',
  ],
  [
    'cookie-third-party',
    'Cookie “sid” has been rejected because it is foreign and does not have the “Partitioned” attribute.',
  ],
  ['session-data-type', "Property 'token' does not exist on type 'Session | InitializedSession'."],
  [
    'duplicate-key',
    'Index build failed: 1d4f: Collection shop.sessions :: caused by :: E11000 duplicate key error',
  ],
];

test.each(MET)('%s is found first', (first, text) => {
  expect(lookUp(text)[0]?.id).toBe(first);
});

// No entry is right for these, and a wrong one would mislead.
test.each([
  "TypeError: Cannot read property 'name' of undefined\n    at /app/index.js:23:22\n    at /app/node_modules/express-session/index.js:489:7",
  'TokenError: Bad Request\n    at OAuth2Strategy.parseErrorResponse',
  'JsonWebTokenError: invalid signature',
  'error: password authentication failed for user "postgres"',
  'TypeError: Failed to fetch',
  'AxiosError: Network Error',
  'ValidationError: User validation failed: email: Path `email` is required.',
])('%j is not known', (text) => {
  expect(lookUp(text)).toEqual([]);
});
