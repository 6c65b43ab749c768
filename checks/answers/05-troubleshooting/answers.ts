import { right, wrong } from '#grader/check/recorded.ts';

const FILE = 'treatments.ts';
const RETRYABLE = "({ uri: uri.replace('retryWrites=true', 'retryWrites=false') })";
const DATABASE = "({ uri: uri.replace('/?', '/shop?') })";
const PASSWORD = '({ uri: uri.replace(password, encodeURIComponent(password)) })';
const AUTH_SOURCE = `({ uri: \`\${uri}?authSource=admin\` })`;
const HOST_AWAY = '({ uri, connectionOptions: { serverSelectionTimeoutMS: 500 } })';
const LOCALHOST = "({ uri: uri.replace('[::1]', '127.0.0.1') })";
const COPY_PASTE = "({ uri: uri.replaceAll('&amp;', '&') })";
const BACKSLASH = "({ uri: uri.replaceAll('\\\\', '') })";
const KNOCKING = `    for (;;) {
      const client = new MongoClient(uri);
      try {
        await client.connect();
        return { uri };
      } catch (error) {
        console.error(\`The database is not ready: \${(error as Error).message}\`);
        await delay(100);
      } finally {
        await client.close();
      }
    }
`;

export default [
  wrong(
    'the credentials as an option, and no authSource',
    {
      [FILE]: [
        [
          `({ uri }) => ${AUTH_SOURCE}`,
          "({ uri, username = '', password = '' }) => ({ uri, connectionOptions: { auth: { username, password } } })",
        ],
      ],
    },
    '5.4',
    'Without authSource the user is looked up in the database of the path',
  ),
  wrong(
    'the credentials as an option, beside a string that has them still',
    {
      [FILE]: [
        [
          `({ uri, password = '' }) => ${PASSWORD}`,
          "({ uri, username = '', password = '' }) => ({ uri, connectionOptions: { auth: { username, password } } })",
        ],
      ],
    },
    '5.3',
    'A slash in the password ends the part with the hosts',
  ),
  right('the credentials as an option, and out of the string', {
    [FILE]: [
      [
        `({ uri, password = '' }) => ${PASSWORD}`,
        "({ uri, username = '', password = '' }) => ({ uri: uri.replace(/\\/\\/.*@/, '//'), connectionOptions: { auth: { username, password } } })",
      ],
    ],
  }),
  wrong(
    'retryWrites=true is removed, as the notes advise',
    { [FILE]: [[RETRYABLE, "({ uri: uri.replace('retryWrites=true&', '') })"]] },
    '5.1',
    'To remove retryWrites=true changes nothing',
  ),
  wrong(
    'directConnection as a cure',
    { [FILE]: [[RETRYABLE, `({ uri: \`\${uri}&directConnection=true\` })`]] },
    '5.1',
    'directConnection=true decides how the driver looks for servers',
  ),
  wrong(
    'the other options are cut away with retryWrites',
    { [FILE]: [[RETRYABLE, "({ uri: `${uri.split('?')[0]}?retryWrites=false` })"]] },
    '5.1',
    'it asked for w=majority',
  ),
  wrong(
    'the treatment has braces, and no return',
    { [FILE]: [[RETRYABLE, "{ uri.replace('retryWrites=true', 'retryWrites=false'); }"]] },
    '5.1',
    'A function with braces needs a return',
  ),
  wrong(
    'the treatment waits for what never comes',
    { [FILE]: [['    for (;;) {', '    for (;;) {\n      await new Promise(() => {});']] },
    '5.9',
    'The treatment had not returned by then',
  ),
  wrong(
    'the database name at the end, behind the options',
    { [FILE]: [[DATABASE, `({ uri: \`\${uri}/shop\` })`]] },
    '5.2',
    'belongs to its last option',
  ),
  wrong(
    'the name of the collection for that of the database',
    { [FILE]: [[DATABASE, "({ uri, databaseName: 'sessions' })"]] },
    '5.2',
    'The session went to sessions.sessions',
  ),
  wrong('no database name at all', { [FILE]: [[DATABASE, '({ uri })']] }, '5.2', 'the driver takes "test"'),
  wrong(
    'encodeURI for the password',
    { [FILE]: [[PASSWORD, '({ uri: uri.replace(password, encodeURI(password)) })']] },
    '5.3',
    'encodeURI leaves / and @ alone',
  ),
  wrong(
    'the whole string is encoded',
    { [FILE]: [[PASSWORD, '({ uri: password && encodeURIComponent(uri) })']] },
    '5.3',
    'The whole string was encoded',
  ),
  wrong(
    'the password is encoded twice',
    {
      [FILE]: [
        [PASSWORD, '({ uri: uri.replace(password, encodeURIComponent(encodeURIComponent(password))) })'],
      ],
    },
    '5.3',
    'The password was encoded twice',
  ),
  wrong(
    'the database of the users in place of the one of the sessions',
    { [FILE]: [[AUTH_SOURCE, "({ uri: uri.replace(/shop$/, 'admin') })"]] },
    '5.4',
    'The name in the path is both',
  ),
  wrong(
    'the authSource that the driver takes anyway',
    { [FILE]: [[AUTH_SOURCE, `({ uri: \`\${uri}?authSource=shop\` })`]] },
    '5.4',
    'lives in admin',
  ),
  wrong(
    'the wait of 30 s is left in place',
    { [FILE]: [[HOST_AWAY, '({ uri })']] },
    '5.5',
    'The wait of 30 s was left in place',
  ),
  wrong(
    'the wrong time limit is shortened',
    {
      [FILE]: [[HOST_AWAY, '({ uri, connectionOptions: { connectTimeoutMS: 500, socketTimeoutMS: 500 } })']],
    },
    '5.5',
    'limit a single connection',
  ),
  wrong(
    'a wait of 0',
    { [FILE]: [[HOST_AWAY, '({ uri, connectionOptions: { serverSelectionTimeoutMS: 0 } })']] },
    '5.5',
    '0 means for ever',
  ),
  wrong(
    'family: 4, and the address of the other family',
    { [FILE]: [[LOCALHOST, '({ uri, connectionOptions: { family: 4 } })']] },
    '5.6',
    'nobody listens there',
  ),
  wrong(
    'only amp is taken away',
    { [FILE]: [[COPY_PASTE, "({ uri: uri.replace('amp', '') })"]] },
    '5.7',
    'A connection string has & between its options',
  ),
  wrong(
    'the options are cut away with the damage',
    { [FILE]: [[COPY_PASTE, "({ uri: uri.split('?')[0] ?? uri })"]] },
    '5.7',
    'The other options of the string are gone: it asked for w=majority',
  ),
  wrong(
    'one backslash of four is taken away',
    { [FILE]: [[BACKSLASH, "({ uri: uri.replace('\\\\', '') })"]] },
    '5.8',
    'All of them have to go',
  ),
  wrong(
    'a store with more patience',
    {
      [FILE]: [[KNOCKING, '    return { uri, connectionOptions: { serverSelectionTimeoutMS: 5000 } };\n']],
    },
    '5.9',
    'never tries again',
  ),
  wrong(
    'one client that waits, and gives up with the first error',
    {
      [FILE]: [
        [
          KNOCKING,
          '    const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 5000 });\n    await client.close();\n    return { uri };\n',
        ],
      ],
    },
    '5.9',
    'catch the error, and knock again',
  ),
  wrong(
    'one knock, and no matter what comes of it',
    {
      [FILE]: [
        [KNOCKING, '    await new MongoClient(uri).connect().catch(() => {});\n    return { uri };\n'],
      ],
    },
    '5.9',
    'never tries again',
  ),
  wrong(
    'a package is required, as in a CommonJS file',
    {
      'treatments.ts': [
        ["import { MongoClient } from 'mongodb';", "const { MongoClient } = require('mongodb');"],
      ],
    },
    '5.1',
    'which has no require()',
  ),
  wrong(
    'an import by a name that is not there',
    {
      'treatments.ts': [
        ["import { MongoClient } from 'mongodb';", "import { MongoClients as MongoClient } from 'mongodb';"],
      ],
    },
    '5.1',
    'asks a module for a name that it does not export',
  ),
  wrong(
    'an import of a file that is not there',
    {
      'treatments.ts': [
        [
          "import { MongoClient } from 'mongodb';",
          "import { MongoClient } from 'mongodb';\nimport './cures.ts';",
        ],
      ],
    },
    '5.1',
    'names a file or a package that is not there',
  ),
  right('everything by options, and nothing by text', {
    [FILE]: `import { MongoClient } from 'mongodb';
import type { Treatments } from '#shop/clinic.ts';

export const treatments: Treatments = {
  'retryable-writes': async ({ uri }) => ({ uri, connectionOptions: { retryWrites: false } }),
  'database-name': async ({ uri }) => ({ uri, databaseName: 'shop' }),
  password: async ({ uri, username = '', password = '' }) => ({
    uri: uri.replace(\`\${username}:\${password}@\`, ''),
    connectionOptions: { auth: { username, password } },
  }),
  'auth-source': async ({ uri }) => ({ uri, connectionOptions: { authSource: 'admin' } }),
  'host-away': async ({ uri }) => ({ uri, connectionOptions: { serverSelectionTimeoutMS: 300 } }),
  localhost: async ({ uri }) => ({ uri: uri.replace('[::1]', '127.0.0.1'), connectionOptions: { family: 4 } }),
  'copy-paste': async ({ uri }) => ({ uri: uri.replace(/&amp;/g, '&') }),
  backslash: async ({ uri }) => ({ uri: uri.replace(/\\\\/g, '') }),
  'dead-store': async ({ uri }) => {
    const knock = (): Promise<void> =>
      MongoClient.connect(uri).then(
        (client) => client.close(),
        () => knock(),
      );
    await knock();
    return { uri };
  },
};
`,
  }),
  right('everything by the URL class', {
    [FILE]: [
      [
        'export const treatments: Treatments = {',
        `function withOption(uri: string, name: string, value: string) {
  const url = new URL(uri);
  url.searchParams.set(name, value);
  return { uri: url.href };
}

export const treatments: Treatments = {`,
      ],
      [RETRYABLE, "withOption(uri, 'retryWrites', 'false')"],
      [AUTH_SOURCE, "withOption(uri, 'authSource', 'admin')"],
      [HOST_AWAY, "withOption(uri, 'serverSelectionTimeoutMS', '250')"],
    ],
  }),
  right('strings written anew, with what the charts say', {
    [FILE]: [
      [DATABASE, "({ uri: uri.replace('?', 'shop?') })"],
      ['password: ({ uri, password =', 'password: ({ uri, username, password ='],
      [
        PASSWORD,
        `({\n    uri: \`mongodb://\${username}:\${encodeURIComponent(password)}@\${uri.slice(uri.lastIndexOf("@") + 1)}\`,\n  })`,
      ],
      [COPY_PASTE, "({ uri: uri.split('&amp;').join('&') })"],
      [BACKSLASH, "({ uri: uri.split(String.fromCharCode(92)).join('') })"],
      [
        KNOCKING,
        `    const knock = async (): Promise<boolean> => {
      const client = new MongoClient(uri);
      const letIn = await client.db('admin').command({ ping: 1 }).then(
        () => true,
        () => false,
      );
      await client.close();
      return letIn;
    };
    while (!(await knock())) await delay(20);
    return { uri };
`,
      ],
    ],
  }),
  right('the package that the driver itself reads connection strings with', {
    [FILE]: [
      [
        "import { MongoClient } from 'mongodb';",
        "import { MongoClient } from 'mongodb';\nimport { ConnectionString } from 'mongodb-connection-string-url';",
      ],
      [
        'export const treatments: Treatments = {',
        `function rewritten(uri: string, rewrite: (uri: ConnectionString) => void) {
  const read = new ConnectionString(uri);
  rewrite(read);
  return { uri: read.toString() };
}

export const treatments: Treatments = {`,
      ],
      [RETRYABLE, "rewritten(uri, ({ searchParams }) => searchParams.set('retryWrites', 'false'))"],
      [DATABASE, "rewritten(uri, (read) => {\n    read.pathname = '/shop';\n  })"],
      [AUTH_SOURCE, "rewritten(uri, ({ searchParams }) => searchParams.append('authSource', 'admin'))"],
      [
        LOCALHOST,
        "rewritten(uri, (read) => {\n    read.hosts = read.hosts.map((host) => host.replace('[::1]', '127.0.0.1'));\n  })",
      ],
    ],
  }),
  right('a class with a method for each patient, var and function, no types', {
    [FILE]: `import { createRequire } from 'node:module';

var require = createRequire(import.meta.url);
var mongodb = require('mongodb');

class Doctor {
  'retryable-writes'(chart) {
    return { uri: chart.uri.split('retryWrites=true').join('retryWrites=false') };
  }
  'database-name'(chart) {
    return { uri: chart.uri, databaseName: 'shop' };
  }
  password(chart) {
    var parts = chart.uri.split(chart.password);
    return { uri: parts.join(encodeURIComponent(chart.password)) };
  }
  async 'auth-source'(chart) {
    return { uri: chart.uri + '?authSource=admin' };
  }
  'host-away'(chart) {
    var mark = chart.uri.indexOf('?') === -1 ? '?' : '&';
    return { uri: chart.uri + mark + 'serverSelectionTimeoutMS=1000' };
  }
  localhost(chart) {
    return { uri: chart.uri.replace('::1', '::ffff:127.0.0.1') };
  }
  'copy-paste'(chart) {
    return { uri: chart.uri.split('amp;').join('') };
  }
  backslash(chart) {
    return { uri: Array.from(chart.uri).filter((letter) => letter !== '\\\\').join('') };
  }
  'dead-store'(chart) {
    return new Promise(function knock(resolve) {
      mongodb.MongoClient.connect(chart.uri).then(
        function (client) {
          client.close().then(function () {
            resolve({ uri: chart.uri });
          });
        },
        function () {
          setTimeout(knock, 50, resolve);
        },
      );
    });
  }
}

export var treatments = new Doctor();
`,
  }),
  wrong(
    'authSource stands behind an &, and is the first option',
    { 'treatments.ts': [['`${uri}?authSource=admin`', '`${uri}&authSource=admin`']] },
    '5.4',
    'The user was looked up in a database called shop&authSource=admin',
  ),
  wrong(
    'retryWrites=false is put beside retryWrites=true',
    {
      'treatments.ts': [
        ["uri.replace('retryWrites=true', 'retryWrites=false')", '`${uri}&retryWrites=false`'],
      ],
    },
    '5.1',
    'The option stands in the string twice now',
  ),
  wrong(
    'a patient’s name is misspelt',
    { 'treatments.ts': [['  localhost: ({ uri })', '  localHost: ({ uri }: any)']] },
    '5.6',
    'treatments has no function for localhost',
  ),
  wrong(
    'connect() of the client is not waited for',
    { 'treatments.ts': [['await client.connect();', 'client.connect();']] },
    '5.9',
    'nobody waits for connect()',
  ),
  wrong(
    'the limit is given in seconds',
    { 'treatments.ts': [['serverSelectionTimeoutMS: 500', 'serverSelectionTimeoutMS: 5']] },
    '5.5',
    'serverSelectionTimeoutMS is in milliseconds',
  ),
  wrong(
    'the first slash of the string is encoded',
    { [FILE]: [[PASSWORD, "({ uri: password && uri.replace('/', '%2F') })"]] },
    '5.3',
    'A slash of mongodb:// was encoded',
  ),
  wrong(
    'every slash of the string is encoded',
    { [FILE]: [[PASSWORD, "({ uri: password && uri.replaceAll('/', '%2F') })"]] },
    '5.3',
    'A slash of mongodb:// was encoded',
  ),
  wrong(
    'every @ of the string is encoded',
    { [FILE]: [[PASSWORD, "({ uri: password && uri.replaceAll('@', '%40') })"]] },
    '5.3',
    'for the host and its port, and cannot read it',
  ),
  wrong(
    'the slash of the password is encoded, and its @ is not',
    { [FILE]: [[PASSWORD, "({ uri: uri.replace(password, password.replace('/', '%2F')) })"]] },
    '5.3',
    'The password still has an @ in it',
  ),
  wrong(
    'the password is encoded, and the options are cut away',
    {
      [FILE]: [
        [PASSWORD, "({ uri: uri.replace(password, encodeURIComponent(password)).split('?')[0] ?? '' })"],
      ],
    },
    '5.3',
    'The user was looked up in shop, and lives in admin',
  ),
  wrong(
    'the password is left out',
    { [FILE]: [[PASSWORD, "({ uri: uri.replace(password, '') })"]] },
    '5.3',
    'a name or password in it is not the one of the chart',
  ),
  wrong(
    'the string has quotes around it',
    { [FILE]: [[PASSWORD, "({ uri: `'${uri.replace(password, encodeURIComponent(password))}'` })"]] },
    '5.3',
    "begins with mongodb://, and this one with 'mongodb://",
  ),
  wrong(
    'the database name takes the place of the authSource',
    { [FILE]: [[DATABASE, "({ uri: uri.replace('?authSource=admin', 'shop') })"]] },
    '5.2',
    'The user was looked up in shop, and lives in admin',
  ),
  wrong(
    'the database name stands behind a second slash',
    { [FILE]: [[DATABASE, "({ uri: uri.replace('?', '/shop?') })"]] },
    '5.2',
    "takes '/shop' for the name of the database",
  ),
  wrong(
    'authSource with a capital letter',
    { [FILE]: [['`${uri}?authSource=admin`', '`${uri}?authSource=Admin`']] },
    '5.4',
    'The user was looked up in Admin, and lives in admin. Capitals and small letters differ',
  ),
  wrong(
    'another name for authSource',
    { [FILE]: [['`${uri}?authSource=admin`', '`${uri}?authSource=users`']] },
    '5.4',
    'The user was looked up in users, and lives in admin',
  ),
  wrong(
    'quotes around the value of authSource',
    { [FILE]: [['`${uri}?authSource=admin`', '`${uri}?authSource="admin"`']] },
    '5.4',
    'The user was looked up in "admin", and lives in admin',
  ),
  wrong(
    'an option that the driver has not',
    { [FILE]: [['`${uri}?authSource=admin`', '`${uri}?authDatabase=admin`']] },
    '5.4',
    'The driver knows no option authdatabase',
  ),
  wrong(
    'the limit stands behind an &, and is the first option',
    { [FILE]: [[HOST_AWAY, '({ uri: `${uri}&serverSelectionTimeoutMS=500` })']] },
    '5.5',
    'belongs to the name of the database now, shop&serverSelectionTimeoutMS=500',
  ),
  wrong(
    'the limit is misspelt',
    { [FILE]: [[HOST_AWAY, '({ uri: `${uri}?serverSelectionTimeout=500` })']] },
    '5.5',
    'The driver knows no option serverselectiontimeout',
  ),
  wrong(
    'the limit is beside connectionOptions, where nobody reads it',
    { [FILE]: [[HOST_AWAY, '({ uri, serverSelectionTimeoutMS: 500 } as never)']] },
    '5.5',
    'in connectionOptions or in the string',
  ),
  wrong(
    'a limit above the one that is asked',
    { [FILE]: [[HOST_AWAY, '({ uri, connectionOptions: { serverSelectionTimeoutMS: 10000 } })']] },
    '5.5',
    'serverSelectionTimeoutMS is 10000 now',
  ),
  wrong(
    'the limit is not returned',
    { [FILE]: [[HOST_AWAY, '{ uri; }']] },
    '5.5',
    'A function with braces needs a return',
  ),
  wrong(
    'a fixed address for the one of the chart',
    { [FILE]: [[LOCALHOST, "({ uri: uri && 'mongodb://127.0.0.1:1/shop' })"]] },
    '5.6',
    'The driver asked 127.0.0.1, port 1. The server is at 127.0.0.1, port',
  ),
  wrong(
    'another host at the right port',
    { [FILE]: [[LOCALHOST, "({ uri: uri.replace('[::1]', 'db.invalid') })"]] },
    '5.6',
    'The driver asked DNS for the host db.invalid, and got no address',
  ),
  wrong(
    'the brackets stay around an address that takes none',
    { [FILE]: [[LOCALHOST, "({ uri: uri.replace('::1', '127.0.0.1') })"]] },
    '5.6',
    'for the host and its port, and cannot read it',
  ),
  wrong(
    'the & is taken away with its entity',
    { [FILE]: [[COPY_PASTE, "({ uri: uri.replaceAll('&amp;', '') })"]] },
    '5.7',
    'The driver reads truew=majority as the value of retryWrites',
  ),
  wrong(
    'a semicolon between the options',
    { [FILE]: [[COPY_PASTE, "({ uri: uri.replaceAll('&amp;', ';') })"]] },
    '5.7',
    'because no & stands between this option and the next',
  ),
  wrong(
    'another write concern than the chart asks for',
    { [FILE]: [[COPY_PASTE, "({ uri: uri.replace('&amp;w=majority', '&w=1') })"]] },
    '5.7',
    'The write asked for w=1, and the string of the chart for w=majority',
  ),
  wrong(
    'slashes for the backslashes',
    { [FILE]: [[BACKSLASH, "({ uri: uri.replaceAll('\\\\', '/') })"]] },
    '5.8',
    'The driver knows no option retrywrites/, w/',
  ),
  wrong(
    'the backslash behind the database name stays',
    { [FILE]: [[BACKSLASH, "({ uri: uri.replaceAll(/\\\\(?=[=&])/g, '') })"]] },
    '5.8',
    'All of them have to go',
  ),
  wrong(
    'true and false in capitals',
    { [FILE]: [[RETRYABLE, "({ uri: uri.replace('retryWrites=true', 'retryWrites=False') })"]] },
    '5.1',
    'in small letters alone',
  ),
  wrong(
    '0 for false',
    { [FILE]: [[RETRYABLE, "({ uri: uri.replace('retryWrites=true', 'retryWrites=0') })"]] },
    '5.1',
    'was given something else: "0"',
  ),
  wrong(
    'a text for the credentials',
    { [FILE]: [[RETRYABLE, '({ uri, connectionOptions: { auth: "clerk" as never } })']] },
    '5.1',
    'its message says which part',
  ),
  wrong(
    'a sleep before the store is made, and no client',
    { [FILE]: [[KNOCKING, '    await delay(300);\n    return { uri };\n']] },
    '5.9',
    'this database counts attempts',
  ),
  wrong(
    'a sleep that is longer than the check waits',
    { [FILE]: [[KNOCKING, '    await delay(600_000);\n    return { uri };\n']] },
    '5.9',
    'so does a long sleep. This database counts attempts',
  ),
  right('as long a wait as is allowed, and a second between two attempts', {
    [FILE]: [
      [HOST_AWAY, '({ uri, connectionOptions: { serverSelectionTimeoutMS: 5000 } })'],
      ['await delay(100);', 'await delay(1000);'],
    ],
  }),
];
