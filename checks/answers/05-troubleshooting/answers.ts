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
    'retryWrites=true is removed, as the notes advise',
    { [FILE]: [[RETRYABLE, "({ uri: uri.replace('retryWrites=true&', '') })"]] },
    '5.1',
    'Removing retryWrites=true, as older notes advise, changes nothing',
  ),
  wrong(
    'directConnection as a cure',
    { [FILE]: [[RETRYABLE, `({ uri: \`\${uri}&directConnection=true\` })`]] },
    '5.1',
    'directConnection=true decides how the driver looks for servers',
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
    'encoded twice',
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
    'The damage was cut away together with the options',
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
];
