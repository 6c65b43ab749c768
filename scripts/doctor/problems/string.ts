import { type Problem, reported } from './problem.ts';

const OLD_OPTIONS = [
  ...[
    'useNewUrlParser',
    'useUnifiedTopology',
    'useCreateIndex',
    'useFindAndModify',
    'poolSize',
    'autoReconnect',
  ],
  ...[
    'reconnectTries',
    'reconnectInterval',
    'bufferMaxEntries',
    'keepAlive',
    'sslValidate',
    'sslCA',
    'sslKey',
  ],
  ...[
    'sslCert',
    'sslPass',
    'promiseLibrary',
    'native_parser',
    'autoIndex',
    'auto_reconnect',
    'useMongoClient',
  ],
];

/** What a connection string shows without a network. */
export const OF_STRING = {
  scheme: {
    says: [
      'Invalid scheme, expected connection string to start with "mongodb://" or "mongodb+srv://"',
      ...reported('Invalid connection string'),
    ],
    cause: 'The string is empty, or does not begin the way a connection string does.',
    fix: 'Copy it again, from its first letter: mongodb://… or mongodb+srv://…, without quotes or spaces before it.',
    lesson: 4,
  },
  'uri-undefined': {
    says: [
      'The `uri` parameter to `openUri()` must be a string, got "undefined"',
      {
        text: 'getaddrinfo ENOTFOUND undefined',
        pattern: /(?:getaddrinfo ENOTFOUND |_mongodb\._tcp\.)undefined(?![\w.-])|'undefined:\d+' => /,
        reported: true,
      },
      "Cannot read properties of undefined (reading 'startsWith')",
    ],
    cause:
      'The variable with the connection string is not set: .env was not loaded, or the name is another one.',
    fix: 'Load .env before this line (node --env-file=.env, or dotenv first), and print whether the variable is set.',
    lesson: 4,
  },
  'env-comment': {
    says: [],
    cause: 'In .env an unquoted # begins a comment, so the string ends there.',
    fix: "Put single quotes around the value: MONGODB_URI='…'. In a password write %23 for #.",
    lesson: 4,
  },
  quotes: {
    says: ['Invalid scheme, expected connection string to start with "mongodb://" or "mongodb+srv://"'],
    cause: 'Quotes belong to the shell or to .env; here they have become part of the string.',
    fix: 'Take the quotes off the value itself.',
    lesson: 4,
  },
  whitespace: {
    says: [],
    cause: 'A space or a line break came along when the string was copied.',
    fix: 'Delete every space and line break; in a password or a name write a space as %20.',
    lesson: 4,
  },
  'trailing-sign': {
    says: [],
    cause: 'A semicolon or a comma of the code that the string was copied from is still at its end.',
    fix: 'Delete what follows the last letter of the string.',
    lesson: 4,
  },
  backslash: {
    says: [
      {
        text: 'options retrywrites\\, w\\ are not supported',
        pattern: /options? [^\n]*\\[^\n]* (?:is|are) not supported/,
      },
    ],
    cause: 'A shell or an editor put backslashes before ?, = or & when the string was copied.',
    fix: 'Delete every backslash. In a shell put quotes around the whole string instead.',
    lesson: 5,
  },
  'copy-paste': {
    says: [
      {
        text: 'option amp;w is not supported',
        pattern: /options? [^\n]*\bamp;[^\n]* (?:is|are) not supported/,
      },
    ],
    cause: 'The string was copied from the source of a web page, where & is written &amp;.',
    fix: 'Write & for every &amp;.',
    lesson: 5,
  },
  placeholder: {
    says: [],
    cause: 'The string still holds a <placeholder> of the page it was copied from.',
    fix: 'Put your own value there, without the angle brackets.',
    lesson: 4,
  },
  password: {
    says: [
      'Password contains unescaped characters',
      'Username contains unescaped characters …',
      'URI contained empty userinfo section',
      'URI malformed',
      'Unable to parse … with URL',
      ...reported(
        'User and password must be escaped according to RFC 3986',
        'Unescaped slash in userinfo section',
      ),
    ],
    cause: 'Characters that mean something in a URI stand unescaped in the user name or the password.',
    fix: 'Write both as encodeURIComponent() gives them: @ is %40, / is %2F, : is %3A, % is %25.',
    lesson: 5,
  },
  hosts: {
    says: [
      'Unable to parse … with URL',
      'Protocol and host list are required',
      'mongodb+srv URI cannot have …',
      'directConnection option requires exactly one host',
      'SRV URI does not support directConnection',
      ...reported('URI must include hostname, domain name, and tld'),
    ],
    cause: 'Where the host should be is none, or one that is written wrongly.',
    fix: 'Write host or host:port after the @; with mongodb+srv:// one host of three parts, no port.',
    lesson: 4,
  },
  'database-name': {
    says: ['URI option "shop" cannot be specified with no value'],
    cause: 'Without a name between the host and the ? the driver and the store use the database "test".',
    fix: 'Write /shop after the host and before the ?: mongodb://HOST/shop?…',
    lesson: 5,
  },
  'old-options': {
    says: [
      {
        text: 'options usecreateindex, usefindandmodify are not supported',
        pattern: new RegExp(
          `options? [\\w, ]*\\b(?:${OLD_OPTIONS.join('|')})\\b[\\w, ]* (?:is|are) not supported`,
          'i',
        ),
      },
      'useNewUrlParser is a deprecated option',
      'useUnifiedTopology is a deprecated option',
    ],
    cause:
      'The code gives the driver options of an older version. Since driver 4 they do nothing or are refused.',
    fix: 'Delete these options where the client, the store or Mongoose is made: connectionOptions needs none of them.',
    lesson: 2,
  },
  options: {
    says: [
      'option … is not supported',
      'options … are not supported',
      'URI option "…" cannot appear more than once',
      'URI option "…" cannot be specified with no value',
      '… must be either "true" or "false"',
      'Password contains unescaped characters',
      '… can only be a positive int value',
      'Expected … to be stringified int value',
      'Invalid read preference mode "…"',
      ...reported('Unknown ReadPreference value'),
      'Must specify proxyHost if other proxy options are passed',
      'All values of tls/ssl must be the same',
    ],
    cause:
      'The string, or the options in the code, hold one that the driver does not know, or a value it does not take.',
    fix: 'Correct or delete that option: after the ? of the string, or where the client or the store is made.',
    lesson: 4,
  },
  'write-concern': {
    says: [
      ...reported(
        'No write concern mode named … found in replica set configuration',
        'Not enough data-bearing nodes',
        "cannot use non-majority 'w' mode … when a host is not a member of a replica set",
      ),
    ],
    codes: { 79: 'UnknownReplWriteConcern', 100: 'UnsatisfiableWriteConcern' },
    cause: 'The option w asks for members, or for a name, that this replica set does not have.',
    fix: 'Write w=majority, and nothing after it: no semicolon, no slash.',
    lesson: 4,
  },
  'write-not-confirmed': {
    says: reported('waiting for replication timed out'),
    codes: { 64: 'WriteConcernFailed' },
    cause:
      'The primary has the write, and too few other members confirmed it within wtimeoutMS: they are away, or behind.',
    fix: 'See rs.status() for members that are down or behind. The write may stand: look before you repeat it.',
    lesson: 10,
  },
  'write-unacknowledged': {
    says: [],
    cause: 'With w=0 no server answers a write: a session that is not stored is lost without a word.',
    fix: 'Delete w=0, or write w=majority.',
    lesson: 10,
  },
  'read-concern': {
    says: reported("Enumeration value '…' for field '…level' is not a valid value", 'readConcern.level'),
    codes: { 148: 'ReadConcernMajorityNotEnabled', 134: 'ReadConcernMajorityNotAvailableYet' },
    cause: 'readConcernLevel holds a word that MongoDB does not know, or that this server cannot give.',
    fix: 'Delete readConcernLevel, or write local or majority.',
  },
  'read-preference': {
    says: [
      ...reported('Could not find host matching read preference { mode: "…" }', 'No suitable servers found'),
    ],
    codes: { 133: 'FailedToSatisfyReadPreference' },
    cause:
      'A session is read from a secondary, which gets each write a moment later, or may not be there at all.',
    fix: 'Delete readPreference, or write readPreference=primary: a login has to be seen by the next request.',
    lesson: 11,
  },
  compressors: {
    says: ['… is not a valid compression mechanism'],
    cause: 'compressors names an algorithm that the driver does not know.',
    fix: 'Delete compressors, or write compressors=zlib.',
  },
  'optional-package': {
    says: [
      ...reported('Optional module `snappy` not found'),
      ...reported('Optional module `@mongodb-js/zstd` not found'),
      ...reported(
        'Optional module `socks` not found',
        'Optional module `kerberos` not found',
        'Optional module `aws4` not found',
      ),
    ],
    cause: 'An option of the string needs a package that the driver does not bring along.',
    fix: 'Install the package that the message names, or delete the option: compressors, proxyHost, authMechanism.',
  },
  'tls-file': {
    says: [
      'PEM routines::no start line',
      ...reported('key values mismatch', 'bad decrypt', 'x509 certificate routines'),
    ],
    cause: 'A file that tlsCAFile or tlsCertificateKeyFile names is not there, or is no PEM of that kind.',
    fix: 'Correct the path (it is taken from the folder that the program starts in), or export the file as PEM.',
  },
} as const satisfies Record<string, Problem>;
