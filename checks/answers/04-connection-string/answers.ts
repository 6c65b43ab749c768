import { right, wrong } from '#grader/check/recorded.ts';

const SIGNATURE = 'export function readConfig(env: Environment): ShopConfig {\n';
const RESULT = '  return { mongodbUri: uri.toString(), sessionSecret };\n';
const IF_NAMELESS = `  if (uri.pathname === '/') {
    uri.pathname = '/shop';
    // The driver looks for the user in the database of the path. Users live in \`admin\`.
    if (uri.username && !uri.searchParams.has('authSource')) uri.searchParams.set('authSource', 'admin');
  }
`;
const PARTS_END = `@\${host}/\`;`;
const WHOLE_PARTS: readonly [string, string] = [PARTS_END, `@\${host}/shop?authSource=admin\`;`];
const ENCODED = 'encodeURIComponent(required(env, name))';
const CAUGHT = `  } catch {
    // The parser's own message may quote the string, password and all.
    throw new Error(\`\${name} does not make a connection string: mongodb:// or mongodb+srv://, then a host.\`);
`;
const TOO_SHORT =
  "if (sessionSecret.length < 32) throw new Error('SESSION_SECRET is too short: it needs 32 characters.');";

const edit = (...edits: readonly (readonly [string, string])[]) => ({ 'config.ts': edits });

export default [
  wrong(
    'the whole string is encoded',
    edit([RESULT, RESULT.replace('uri.toString()', 'encodeURIComponent(uri.toString())')]),
    '4.1',
    'encodeURIComponent() of the whole makes mongodb%3A%2F%2F of mongodb://',
  ),
  wrong(
    'the whole string is encoded before it is parsed',
    edit(["required(env, 'MONGODB_URI'))", "encodeURIComponent(required(env, 'MONGODB_URI')))"]),
    '4.1',
    'encodeURIComponent() of the whole makes mongodb%3A%2F%2F of mongodb://',
  ),
  wrong(
    'the string of parts is encoded as a whole',
    edit([
      "parsed('MONGODB_HOST', fromParts(env))",
      "parsed('MONGODB_HOST', encodeURIComponent(fromParts(env)))",
    ]),
    '4.2',
    'whatever the password: one of letters alone gives the same error',
  ),
  wrong(
    'a variable of another name is asked for',
    { 'config.ts': [["required(env, 'SESSION_SECRET')", "required(env, 'SECRET')"]] },
    '4.1',
    'The shop asks for SECRET',
  ),
  wrong(
    'the config has other names',
    {
      'config.ts': [
        [
          'return { mongodbUri: uri.toString(), sessionSecret };',
          'return { uri: uri.toString(), secret: sessionSecret } as never;',
        ],
      ],
    },
    '4.1',
    'under other names nobody finds them',
  ),
  wrong(
    'a slash too many in the name',
    { 'config.ts': [["uri.pathname = '/shop';", "uri.pathname = '/shop/';"]] },
    '4.2',
    'a database called "shop/"',
  ),
  wrong(
    'URL takes the string apart, and knows one host',
    {
      'config.ts': [
        [
          'uri = new ConnectionString(text);',
          'uri = Object.assign(new URL(text) as unknown as ConnectionString, { hosts: [] });',
        ],
      ],
    },
    '4.2',
    'URL knows no list of hosts',
  ),
  wrong(
    'it reads process.env in place of what it is given',
    edit([SIGNATURE, 'export function readConfig(): ShopConfig {\n  const env = process.env;\n']),
    '4.1',
    'In process.env there are none',
  ),
  wrong(
    'the address stands in the code',
    edit([
      RESULT,
      "  return { mongodbUri: 'mongodb://127.0.0.1:1/shop?serverSelectionTimeoutMS=200', sessionSecret };\n",
    ]),
    '4.1',
    'did not connect to the address in env.MONGODB_URI',
  ),
  wrong(
    'the secret stands in the code',
    edit([RESULT, RESULT.replace('sessionSecret', "sessionSecret: 'keyboard cat'")]),
    '4.1',
    'another secret than the one in env.SESSION_SECRET',
  ),
  wrong(
    'shop replaces a name that is there',
    edit(["if (uri.pathname === '/') {", 'if (uri.pathname) {']),
    '4.1',
    'Put shop in only where there is no name',
  ),
  wrong(
    'the parts are concatenated',
    edit(
      [ENCODED, 'required(env, name)'],
      [
        "      ? parsed('MONGODB_HOST', fromParts(env))\n",
        "      ? parsed('MONGODB_URI', required(env, 'MONGODB_URI'))\n",
      ],
      [
        '  const uri =',
        '  if (env.MONGODB_HOST && !env.MONGODB_URI)\n    return { mongodbUri: fromParts(env), sessionSecret: required(env, "SESSION_SECRET") };\n  const uri =',
      ],
    ),
    '4.2',
    'glued together as they are',
  ),
  wrong(
    'the parts are concatenated, and shop stands where options are, as in the starter',
    edit([
      '  const uri =',
      `  if (env.MONGODB_HOST && !env.MONGODB_URI) {
    const mongodbUri = \`mongodb://\${env.MONGODB_USER}:\${env.MONGODB_PASSWORD}@\${env.MONGODB_HOST}/?shop\`;
    return { mongodbUri, sessionSecret: required(env, 'SESSION_SECRET') };
  }
  const uri =`,
    ]),
    '4.2',
    'That is not all: with a password that has none of them',
  ),
  wrong(
    'a scheme that does not exist',
    edit(['return `mongodb$', 'return `mongo$'], [CAUGHT, '  } catch (error) {\n    throw error;\n']),
    '4.2',
    'whatever the password',
  ),
  wrong(
    'encodeURI for the parts',
    edit([ENCODED, 'encodeURI(required(env, name))']),
    '4.2',
    'encodeURI is for whole addresses',
  ),
  wrong(
    'the parts are encoded twice',
    edit([ENCODED, 'encodeURIComponent(encodeURIComponent(required(env, name)))']),
    '4.2',
    'Encode it once',
  ),
  wrong(
    'shop stands after the question mark',
    edit([PARTS_END, `@\${host}/?shop\`;`]),
    '4.2',
    'stands behind the question mark',
  ),
  wrong(
    'the user is looked for in shop',
    edit([
      "    if (uri.username && !uri.searchParams.has('authSource')) uri.searchParams.set('authSource', 'admin');\n",
      '',
    ]),
    '4.2',
    'Users live in admin',
  ),
  wrong(
    'no database name in the string of the parts',
    edit([IF_NAMELESS, "  if (uri.pathname === '/' && env.MONGODB_URI) uri.pathname = '/shop';\n"]),
    '4.2',
    'has no database name',
  ),
  wrong(
    'shop is put behind the options',
    edit(
      WHOLE_PARTS,
      [IF_NAMELESS, ''],
      [
        RESULT,
        `  return { mongodbUri: uri.pathname === '/' ? \`\${uri}/shop\` : \`\${uri}\`, sessionSecret };\n`,
      ],
    ),
    '4.3',
    'put behind the options',
  ),
  wrong('a missing name stays missing', edit(WHOLE_PARTS, [IF_NAMELESS, '']), '4.3', 'Put shop in.'),
  wrong(
    'the options are lost',
    edit(["    uri.pathname = '/shop';\n", "    uri.pathname = '/shop';\n    uri.search = '';\n"]),
    '4.3',
    'The options were lost',
  ),
  wrong(
    'mongodb+srv is refused',
    edit([
      '  const damage =',
      "  if (!text.startsWith('mongodb:') && !text.includes('atlas')) throw new Error('MONGODB_URI begins with mongodb://');\n  const damage =",
    ]),
    '4.4',
    'let it pass',
  ),
  wrong(
    'parts are always for one server',
    edit([`mongodb\${host.includes(':') ? '' : '+srv'}://`, 'mongodb://']),
    '4.4',
    'a name for DNS to resolve',
  ),
  wrong(
    'placeholders pass',
    edit(["  [/<[^>]*>/, 'still has a <placeholder> in it'],\n", '']),
    '4.5',
    'The placeholders of the copied form',
  ),
  wrong(
    '&amp; passes',
    edit(["  [/&amp;/, 'was copied from HTML: write & for &amp;'],\n", '']),
    '4.5',
    '&amp; is how HTML writes &',
  ),
  wrong(
    'backslashes pass',
    edit(["  [/\\\\/, 'has a backslash in it'],\n", '']),
    '4.5',
    'The backslashes come from a shell',
  ),
  wrong(
    'quotes are taken for a bad string, and nobody is told which',
    edit([`\`\${name} \${damage[1]}.\``, "'The configuration is invalid.'"]),
    '4.5',
    'does not say which variable to mend',
  ),
  wrong(
    'a missing part becomes an empty one',
    edit(['encodeURIComponent(required(env, name))', "encodeURIComponent(env[name] ?? '')"]),
    '4.5',
    'One of the parts is missing',
  ),
  wrong(
    'an empty part is taken as it is',
    edit(['if (!value) throw', 'if (value === undefined || (!value && !/USER|PASSWORD/.test(name))) throw']),
    '4.5',
    'An empty variable is a missing one',
  ),
  wrong(
    'a missing secret has a default',
    edit([
      "required(env, 'SESSION_SECRET')",
      "env.SESSION_SECRET ?? 'keyboard cat, keyboard cat, keyboard cat'",
    ]),
    '4.6',
    'one that stands in the code is none',
  ),
  wrong(
    'eight characters are enough',
    edit(['sessionSecret.length < 32', 'sessionSecret.length < 8']),
    '4.6',
    'Everyone who has read a tutorial',
  ),
  wrong(
    'a secret of 32 characters is refused',
    edit([TOO_SHORT, TOO_SHORT.replace('< 32', '<= 32')]),
    '4.6',
    '32 characters are enough',
  ),
  wrong(
    'authSource=admin, whatever the string says of it',
    edit(["if (uri.username && !uri.searchParams.has('authSource')) ", '']),
    '4.3',
    'Add authSource=admin only where there is none',
  ),
  wrong(
    'authSource=admin also where a database was named',
    edit([
      IF_NAMELESS,
      "  if (uri.username && !uri.searchParams.has('authSource')) uri.searchParams.set('authSource', 'admin');\n  if (uri.pathname === '/') uri.pathname = '/shop';\n",
    ]),
    '4.3',
    'Add authSource=admin only where you put the name in',
  ),
  wrong(
    'a quote anywhere is taken for damage, in a password too',
    edit(['[/^["\'`]|["\'`]$/,', '[/["\'`]/,']),
    '4.2',
    'Damage is only a quote round the whole value',
  ),
  wrong(
    'a < anywhere is taken for a placeholder, in a password too',
    edit(['/^<.*>$/.test(value)', '/<.*>/.test(value)']),
    '4.2',
    'Damage is only a quote round the whole value, and a placeholder',
  ),
  wrong(
    'any port passes',
    edit([
      `  if (uri.hosts.some(isOdd)) throw new Error(\`\${name} has a port that is not a number.\`);\n`,
      '',
    ]),
    '4.5',
    'A port is a number',
  ),
  wrong(
    'a short secret is only warned of',
    edit([TOO_SHORT, TOO_SHORT.replace('throw new Error', 'console.warn')]),
    '4.6',
    'the shop opened',
  ),
  wrong(
    'the string is logged at the start',
    edit([RESULT, `  console.log(\`Sessions are kept in \${uri}\`);\n${RESULT}`]),
    '4.7',
    'A secret is in the log now',
  ),
  wrong(
    'the password is starred out as it is written in .env, and the string has it encoded',
    edit([RESULT, `  console.log(uri.toString().replace(env.MONGODB_PASSWORD ?? '', '***'));\n${RESULT}`]),
    '4.7',
    'A secret is in the log now',
  ),
  wrong(
    'the message quotes the value',
    edit([`\`\${name} \${damage[1]}.\``, `\`MONGODB_URI=\${text} \${damage[1]}.\``]),
    '4.7',
    'The message quotes the value',
  ),
  wrong(
    "the parser's message is passed on",
    edit([
      CAUGHT,
      `  } catch (error) {\n    throw new Error(\`MONGODB_URI: \${(error as Error).message}\`);\n`,
    ]),
    '4.7',
    'What a parser throws may quote it',
  ),
  wrong(
    "the parser's error is kept as the cause",
    edit([
      CAUGHT,
      '  } catch (cause) {\n    throw new Error(`${name} is no connection string.`, { cause });\n',
    ]),
    '4.7',
    'Node prints an error with its cause',
  ),
  wrong(
    'the value is a property of the error',
    edit([
      CAUGHT,
      '  } catch {\n    throw Object.assign(new Error(`${name} is no connection string.`), { text });\n',
    ]),
    '4.7',
    'The message quotes the value',
  ),
  wrong(
    'a package is required, as in a CommonJS file',
    {
      'config.ts': [
        [
          "import { ConnectionString } from 'mongodb-connection-string-url';",
          "const { ConnectionString } = require('mongodb-connection-string-url');",
        ],
      ],
    },
    '4.1',
    'which has no require()',
  ),
  wrong(
    'an import by a name that is not there',
    {
      'config.ts': [
        [
          "import { ConnectionString } from 'mongodb-connection-string-url';",
          "import { ConnectionStrings as ConnectionString } from 'mongodb-connection-string-url';",
        ],
      ],
    },
    '4.1',
    'asks a module for a name that it does not export',
  ),
  wrong(
    'an import of a file that is not there',
    { 'config.ts': [["from '#shop/config.ts'", "from '#shop/config.ts';\nimport './settings.ts'"]] },
    '4.1',
    'names a file or a package that is not there',
  ),
  wrong(
    'encodeURIComponent is written down, and what it returns is not used',
    edit([ENCODED, '(encodeURIComponent(required(env, name)), required(env, name))']),
    '4.2',
    'Or it went into the string as it is, and was found there',
  ),
  right(
    'the host is logged, and the rest is starred out',
    edit([
      RESULT,
      `  console.log(\`Sessions are kept in \${uri.redact()}, at \${uri.hosts.join(', ')}\`);\n${RESULT}`,
    ]),
  ),
  right('written by hand, without a package', {
    'config.ts': `import type { Environment, ShopConfig } from '#shop/config.ts';

const FORM = /^(mongodb(?:\\+srv)?:\\/\\/(?:([^/?@]+)@)?[^/?@]+)(?:\\/([^?]*))?(?:\\?(.*))?$/;

export const readConfig = (env: Environment): ShopConfig => {
  const secret = env.SESSION_SECRET?.trim() ?? '';
  if (secret.length < 32 || secret.startsWith('<')) throw new Error('Set SESSION_SECRET to 32 random characters or more.');
  const text = env.MONGODB_URI ? env.MONGODB_URI.trim() : glued(env);
  const parts = /[<>"'\\\\]|&amp;/.test(text) ? null : FORM.exec(text);
  if (!parts || /:[^/\\d][^@]*$/.test(parts[1] ?? '')) throw new TypeError('MONGODB_URI is not a sound connection string.');
  const [, front, login, name, options = ''] = parts;
  if (name) return { mongodbUri: text, sessionSecret: secret };
  const all = new URLSearchParams(options);
  if (login && !all.has('authSource')) all.append('authSource', 'admin');
  const query = all.toString();
  return { sessionSecret: secret, mongodbUri: \`\${front}/shop\${query && '?'}\${query}\` };
};

function glued({ MONGODB_USER: user, MONGODB_PASSWORD: password, MONGODB_HOST: host }: Environment): string {
  if (!host) throw new Error('Set MONGODB_URI, or MONGODB_HOST and its like.');
  if (!user || /^<.+>$/.test(user)) throw new Error('Set MONGODB_USER.');
  if (!password || /^<.+>$/.test(password)) throw new Error('Set MONGODB_PASSWORD.');
  if (/:(?!\\d+(?:,|$))/.test(host)) throw new Error('MONGODB_HOST: a port is a number.');
  const login = [user, password].map(encodeURIComponent).join(':');
  const scheme = /:\\d+/.test(host) ? 'mongodb' : 'mongodb+srv';
  return \`\${scheme}://\${login.replaceAll("'", '%27')}@\${host}\`;
}
`,
  }),
  right('a class, and ConnectionString puts the login in', {
    'config.ts': `import ConnectionString from 'mongodb-connection-string-url';
import type { Environment, ShopConfig } from '#shop/config.ts';

class Variables {
  readonly #env: Environment;
  constructor(env: Environment) {
    this.#env = env;
  }

  get(name: string, atLeast = 1): string {
    const value = this.#env[name] ?? '';
    if (value.length < atLeast) throw new RangeError(\`\${name}: at least \${atLeast} characters, please\`);
    if (value.startsWith('<') && value.endsWith('>')) throw new Error(\`\${name}: a placeholder\`);
    return value;
  }

  uri(): ConnectionString {
    if (this.#env.MONGODB_URI || !this.#env.MONGODB_HOST) return this.#whole(this.get('MONGODB_URI'));
    const host = this.get('MONGODB_HOST');
    if (/:(?!\\d+(?:,|$))/.test(host)) throw new Error('MONGODB_HOST: a port is a number.');
    const uri = new ConnectionString(host.includes(':') ? \`mongodb://\${host}\` : \`mongodb+srv://\${host}\`);
    // Its setters leave a percent sign alone: encode first.
    uri.username = encodeURIComponent(this.get('MONGODB_USER'));
    uri.password = encodeURIComponent(this.get('MONGODB_PASSWORD'));
    return uri;
  }

  #whole(text: string): ConnectionString {
    if (/[<>"\\\\^\`{|}]|^'|&amp;|\\s/.test(text)) throw new Error('MONGODB_URI: damaged');
    if (!/^mongodb(\\+srv)?:\\/\\/[^/]/.test(text)) throw new Error('MONGODB_URI: another scheme');
    try {
      const uri = new ConnectionString(text);
      if (uri.hosts.some((host) => /:(?!\\d+$)/.test(host))) throw new Error('a port');
      return uri;
    } catch {
      throw new Error('MONGODB_URI: cannot be read');
    }
  }
}

export function readConfig(env: Environment): ShopConfig {
  const variables = new Variables(env);
  const uri = variables.uri();
  const login = uri.username !== '';
  if (uri.pathname.length < 2) {
    uri.pathname = 'shop';
    const options = uri.typedSearchParams<{ authSource: string }>();
    if (login && !options.has('authSource')) options.set('authSource', 'admin');
  }
  return { mongodbUri: uri.href, sessionSecret: variables.get('SESSION_SECRET', 32) };
}
`,
  }),
  right(
    'all that is wrong at once, and the process ends itself',
    edit([
      SIGNATURE,
      `export function readConfig(env: Environment): ShopConfig {
  try {
    return read(env);
  } catch (error) {
    console.error(\`The shop cannot start. \${(error as Error).message}\`);
    process.exit(1);
  }
}

function read(env: Environment): ShopConfig {
`,
    ]),
  ),
  right(
    'read once and remembered, and asynchronous',
    edit([
      SIGNATURE,
      `let config: ShopConfig | undefined;
export async function readConfig(env: Environment): Promise<ShopConfig> {
  config ??= read(env);
  return config;
}

function read(env: Environment): ShopConfig {
`,
    ]),
  ),
  right(
    'tried first with the snippet that Atlas gives people to copy',
    edit(
      [
        'import type { Environment',
        "import { MongoClient, MongoServerError, ServerApiVersion } from 'mongodb';\nimport type { Environment",
      ],
      [
        SIGNATURE,
        `export async function readConfig(env: Environment): Promise<ShopConfig> {
  const config = read(env);
  const client = new MongoClient(config.mongodbUri, {
    serverApi: { version: ServerApiVersion.v1, strict: true, deprecationErrors: true },
    serverSelectionTimeoutMS: 500,
  });
  try {
    await client.connect();
    await client.db('admin').command({ ping: 1 });
  } catch (error) {
    // A server that is away may come later. One that refuses the client will not change its mind.
    if (error instanceof MongoServerError) throw new Error('MongoDB refused the client');
  } finally {
    await client.close();
  }
  return config;
}

function read(env: Environment): ShopConfig {
`,
      ],
    ),
  ),
  wrong(
    'the name of the secret is misspelt',
    { 'config.ts': [["required(env, 'SESSION_SECRET')", "required(env, 'SESSION_SECERT')"]] },
    '4.1',
    'The shop asks for SESSION_SECERT',
  ),
  wrong(
    'the password has another name',
    { 'config.ts': [["['MONGODB_USER', 'MONGODB_PASSWORD']", "['MONGODB_USER', 'MONGODB_PASS']"]] },
    '4.2',
    'The shop asks for MONGODB_PASS',
  ),
  wrong(
    'the config is made, and not returned',
    {
      'config.ts': [
        [
          '  return { mongodbUri: uri.toString(), sessionSecret };',
          '  const config = { mongodbUri: uri.toString(), sessionSecret };',
        ],
      ],
    },
    '4.1',
    'readConfig returned nothing',
  ),
  wrong(
    'the parts are decoded, which nobody encoded',
    {
      'config.ts': [
        [
          'encodeURIComponent(required(env, name))',
          'encodeURIComponent(decodeURIComponent(required(env, name)))',
        ],
      ],
    },
    '4.2',
    'Something is URL-decoded that is not encoded',
  ),
  wrong(
    'an empty MONGODB_URI counts as one',
    {
      'config.ts': [
        ['env.MONGODB_HOST && !env.MONGODB_URI', 'env.MONGODB_HOST && env.MONGODB_URI === undefined'],
      ],
    },
    '4.2',
    'An empty MONGODB_URI is a missing one',
  ),
  wrong(
    'an empty MONGODB_HOST is taken for this machine',
    {
      'config.ts': [
        ['env.MONGODB_HOST && !env.MONGODB_URI', 'env.MONGODB_HOST !== undefined && !env.MONGODB_URI'],
        ["required(env, 'MONGODB_HOST')", "env.MONGODB_HOST || '127.0.0.1:1'"],
      ],
    },
    '4.5',
    'an empty MONGODB_HOST is a missing one',
  ),
  right('an empty MONGODB_HOST is refused by its own name', {
    'config.ts': [
      ['env.MONGODB_HOST && !env.MONGODB_URI', 'env.MONGODB_HOST !== undefined && !env.MONGODB_URI'],
    ],
  }),
];
