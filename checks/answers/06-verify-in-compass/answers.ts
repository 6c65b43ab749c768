import { right, wrong } from '#grader/check/recorded.ts';

// The solution is of case 4711.
const ID = '0v6xz3VPW-C_pI6KyHNeEBoX9rlA5pe8';
const SIGNATURE = 'oJEcLdJEWpzUBeG8JwDMTLzIZ0vVeHKT43wtgs4YChA';
const AT = '2036-05-05T23:09:10.521Z';

/** One finding in answers.ts, changed. */
const instead = (from: string, to: string) => ({ 'answers.ts': [[`'${from}'`, to]] as const });
const BODY = `  const value = decoded(cookie);
  if (!value?.startsWith('s:')) return null;
  const id = unsign(value.slice(2), where.secret);
  return id === false ? null : where.sessions.findOne({ _id: id });
`;
const DECODE = 'decodeURIComponent(cookie)';
const FIND = 'where.sessions.findOne({ _id: id })';
const finding = (from: string, to: string) => ({ 'find-session.ts': [[from, to]] as const });

export default [
  wrong(
    'no case is chosen',
    { 'answers.ts': [['caseNumber: 4711', 'caseNumber: 0']] },
    '6.1',
    'Choose a case first',
  ),
  wrong(
    'the number of the case is text',
    { 'answers.ts': [['caseNumber: 4711', "caseNumber: '4711' as never"]] },
    '6.1',
    'without quotes',
  ),
  wrong(
    'a birthday with a zero in front',
    { 'answers.ts': [['4711', '05031990']] },
    '6.1',
    'Leave the zero out',
  ),
  wrong(
    'the whole signed cookie for the ID',
    instead(ID, `'s:${ID}.${SIGNATURE}'`),
    '6.1',
    'This is the whole signed cookie: the ID begins after s: and ends at the dot',
  ),
  wrong(
    'the whole signed cookie, as the browser shows it',
    instead(ID, `'s%3A${ID}.${SIGNATURE}%2B'`),
    '6.1',
    'This is the whole signed cookie, still URL-encoded',
  ),
  wrong('the ID with s: in front', instead(ID, `'s:${ID}'`), '6.1', 'The s: in front'),
  wrong('the signature for the ID', instead(ID, `'${SIGNATURE}'`), '6.1', 'This is the signature'),
  wrong(
    'the ID with its signature behind it',
    instead(ID, `'${ID}.${SIGNATURE}'`),
    '6.1',
    'The ID ends at the dot. What follows is the signature.',
  ),
  wrong(
    'the session of the user who is logged in',
    instead(ID, "'oNxwAovxndHmEKqMjr0fjlQCv2RThLLm'"),
    '6.1',
    'This is another session: the one of the user who is logged in',
  ),
  wrong("the user's name", instead('u-grace', "'Grace'"), '6.2', "This is a user's name"),
  wrong(
    'a user who has logged out',
    instead('u-grace', "'u-linus'"),
    '6.2',
    'one of a user who has logged out, isLoggedIn is false',
  ),
  wrong(
    'a user with a userId and no flag',
    instead('u-grace', "'u-ada'"),
    '6.2',
    'one with a userId and no isLoggedIn',
  ),
  wrong(
    "the session's _id for the userId",
    instead('u-grace', "'oNxwAovxndHmEKqMjr0fjlQCv2RThLLm'"),
    '6.2',
    "This is a session's _id",
  ),
  wrong(
    'local time in Berlin, with a Z behind it',
    instead(AT, "'2036-05-06T01:09:10.521Z'"),
    '6.3',
    'This is local time, 2 hours ahead of UTC',
  ),
  wrong(
    'local time in New York, without a zone',
    instead(AT, "'2036-05-05 19:09:10'"),
    '6.3',
    'This is local time, 4 hours behind UTC',
  ),
  wrong('originalMaxAge for expires', instead(AT, "'315360000000'"), '6.3', 'how long a session lasts'),
  wrong(
    'the end of another session',
    instead(AT, "'2036-11-16T23:44:45.821Z'"),
    '6.3',
    'Then another session expires: one of a user who has logged out',
  ),
  wrong('the index on _id', instead('expires_1', "'_id_'"), '6.4', 'that one only finds documents'),
  wrong(
    "the index's key for its name",
    instead('expires_1', `'{ "expires": 1 }'`),
    '6.4',
    'This is the key of the index',
  ),
  wrong(
    'findSession does not URL-decode',
    finding(DECODE, 'cookie'),
    '6.5',
    'URL-decoded it is found. A browser shows the cookie URL-encoded',
  ),
  wrong(
    'findSession decodes s%3A alone',
    finding(DECODE, "cookie.replace('s%3A', 's:')"),
    '6.5',
    'in the signature + is %2B',
  ),
  wrong(
    'findSession takes + for a space',
    finding(DECODE, "decodeURIComponent(cookie.replaceAll('+', ' '))"),
    '6.5',
    'nor turn + into a space',
  ),
  wrong(
    'findSession cuts at the dot and compares no signature',
    finding(
      BODY,
      `  const [id = ''] = (decoded(cookie) ?? '').replace('s:', '').split('.');\n  return ${FIND};\n`,
    ),
    '6.5',
    'The signature was not compared',
  ),
  wrong(
    'findSession takes unsigned cookies as they are, as cookie-parser does',
    finding(
      "if (!value?.startsWith('s:')) return null;",
      "if (!value?.startsWith('s:')) return where.sessions.findOne({ _id: value });",
    ),
    '6.5',
    'A cookie without a signature opened the session',
  ),
  wrong(
    'findSession needs no s:',
    finding(
      BODY,
      `  const id = unsign((decoded(cookie) ?? '').replace(/^s:/, ''), where.secret);\n  return id ? ${FIND} : null;\n`,
    ),
    '6.5',
    'begins with s: and this one does not',
  ),
  wrong(
    'findSession takes off two characters, whatever they are',
    finding("  if (!value?.startsWith('s:')) return null;\n", '  if (!value) return null;\n'),
    '6.5',
    'A signed cookie begins with s: and this one does not',
  ),
  wrong(
    'findSession throws on a cookie that cannot be decoded',
    finding('decoded(cookie);', `${DECODE};`),
    '6.5',
    'decodeURIComponent throws',
  ),
  wrong(
    'findSession returns the session field alone',
    finding(FIND, `((await ${FIND})?.session as never)`),
    '6.5',
    'Return the whole document',
  ),
  wrong(
    'findSession returns a cursor',
    finding(FIND, '(where.sessions.find({ _id: id }) as never)'),
    '6.5',
    'not a cursor',
  ),
  wrong(
    'findSession makes an ObjectId of the ID',
    {
      'find-session.ts': [
        [
          "import type { Collection } from 'mongodb';",
          "import { type Collection, ObjectId } from 'mongodb';",
        ],
        [FIND, 'where.sessions.findOne({ _id: new ObjectId(id) as never })'],
      ],
    },
    '6.5',
    '24 character hex string',
  ),
  wrong(
    'findSession looks for the document by another field',
    finding(FIND, 'where.sessions.findOne({ expires: { $gt: new Date() } }, { sort: { expires: -1 } })'),
    '6.5',
    'This is another document',
  ),
  wrong(
    'findSession takes the secret of a tutorial',
    finding('where.secret', "'keyboard cat'"),
    '6.5',
    'compared with one by the secret "keyboard cat"',
  ),
  wrong(
    'a package is required, as in a CommonJS file',
    {
      'find-session.ts': [
        ["import { unsign } from 'cookie-signature';", "const { unsign } = require('cookie-signature');"],
      ],
    },
    '6.1',
    'which has no require()',
  ),
  wrong(
    'an import by a name that is not there',
    {
      'find-session.ts': [
        [
          "import { unsign } from 'cookie-signature';",
          "import { unsigns as unsign } from 'cookie-signature';",
        ],
      ],
    },
    '6.1',
    'asks a module for a name that it does not export',
  ),
  wrong(
    'findSession asks a property that is not there',
    { 'find-session.ts': [['where.sessions.findOne', '(where as any).session.findOne']] },
    '6.5',
    '(where as any).session is undefined when this line asks for its findOne',
  ),
  right('another case, the moment as a Date, and spaces around the others', {
    'answers.ts': [
      ['caseNumber: 4711', 'caseNumber: 19900305'],
      [`'${ID}'`, "' IP_SBNwHr9GdVAzsQdqPP8yc0X6Jus_g '"],
      ["'u-grace'", "'u-grace '"],
      [`'${AT}'`, "new Date('2036-12-20T23:44:04.314Z')"],
    ],
  }),
  right('the moment as Compass shows it', instead(AT, `'2036-05-05T23:09:10.521+00:00'`)),
  right('the moment by the clock of Berlin, with its zone', instead(AT, `'2036-05-06T01:09:10.521+02:00'`)),
  right('findSession with node:crypto, in constant time', {
    'find-session.ts': [
      [
        "import { unsign } from 'cookie-signature';",
        "import { createHmac, timingSafeEqual } from 'node:crypto';",
      ],
      [
        BODY,
        `  const match = /^s:([^.]+)\\.(.+)$/.exec(decoded(cookie) ?? '');
  if (!match) return null;
  const [, id = '', signature = ''] = match;
  const good = createHmac('sha256', where.secret).update(id).digest();
  const given = Buffer.from(signature, 'base64');
  if (given.length !== good.length || !timingSafeEqual(given, good)) return null;
  return where.sessions.findOne({ _id: id });
`,
      ],
    ],
  }),
  right('findSession as an arrow function that takes the cookie apart itself', {
    'find-session.ts': `import { sign } from 'cookie-signature';
import type { Collection } from 'mongodb';
import type { SessionDocument } from '#shop/case.ts';

type Where = { sessions: Collection<SessionDocument>; secret: string };

export const findSession = async (cookie: string, { sessions, secret }: Where) => {
  const [scheme, signed = ''] = unescape(cookie).split(':');
  const [id = ''] = signed.split('.');
  if (scheme !== 's' || sign(id, secret) !== signed) return null;
  const [document] = await sessions.find({ _id: id }).limit(1).toArray();
  return document ?? null;
};
`,
  }),
  wrong(
    'findSession has unsign() look at the value with s: in front',
    { 'find-session.ts': [['unsign(value.slice(2), where.secret)', 'unsign(value, where.secret)']] },
    '6.5',
    'Its s: was still there when the signature was compared',
  ),
  wrong(
    'findSession takes the secret from the environment',
    { 'find-session.ts': [['where.secret)', "process.env.SESSION_SECRET ?? '')"]] },
    '6.5',
    'compared with one by an empty secret',
  ),
  wrong(
    'findSession asks for the document, and does not return it',
    {
      'find-session.ts': [
        [
          'return id === false ? null : where.sessions.findOne({ _id: id });',
          'if (id !== false) void where.sessions.findOne({ _id: id });\n  return null;',
        ],
      ],
    },
    '6.5',
    'what it answered was not returned',
  ),
  wrong(
    'findSession finds sessions of users alone',
    { 'find-session.ts': [['{ _id: id }', "{ _id: id, 'session.isLoggedIn': true }"]] },
    '6.5',
    'and for session.isLoggedIn as well',
  ),
  wrong(
    'a moment without its seconds',
    instead(AT, "'2036-05-05T23:09Z'"),
    '6.3',
    'The seconds of this moment are missing',
  ),
  wrong('a day without a time', instead(AT, "'2036-05-05'"), '6.3', 'its time is missing'),
  wrong('a date of a country', instead(AT, "'05.05.2036, 23:09:10'"), '6.3', 'which number is the day'),
  right('the moment without milliseconds', instead(AT, "'2036-05-05 23:09:10'")),
  wrong(
    'findSession cuts off s%3A, and does not decode the rest',
    finding(
      BODY,
      `  const id = unsign(cookie.slice(4), where.secret);\n  return id === false ? null : ${FIND};\n`,
    ),
    '6.5',
    'the value is not URL-decoded',
  ),
  wrong(
    'findSession cuts off s%3A, does not decode the rest, and looks for false',
    finding(BODY, `  const id = unsign(cookie.slice(4), where.secret) as string;\n  return ${FIND};\n`),
    '6.5',
    'the _id false: that is what unsign() returns for a cookie whose signature is not good. A cookie without + and / in its signature is found: the value is not URL-decoded',
  ),
  wrong(
    'findSession decodes, and cuts off four characters',
    finding('value.slice(2)', 'value.slice(4)'),
    '6.5',
    '4 characters were taken off in front',
  ),
  wrong(
    'findSession decodes, and cuts off one character',
    finding('value.slice(2)', 'value.slice(1)'),
    '6.5',
    'Only its s was taken off',
  ),
  wrong(
    'findSession decodes, and turns + into a space then',
    finding(DECODE, `${DECODE}.replaceAll('+', ' ')`),
    '6.5',
    'something changes these two',
  ),
  wrong(
    'findSession gives unsign() the secret first',
    finding('unsign(value.slice(2), where.secret)', 'unsign(where.secret, value.slice(2))'),
    '6.5',
    'unsign() was given the secret first',
  ),
  wrong(
    'findSession gives unsign() the secret first, and the value with s:',
    finding('unsign(value.slice(2), where.secret)', 'unsign(where.secret, value)'),
    '6.5',
    'unsign() was given the secret first',
  ),
  wrong(
    'findSession gives unsign() the secret first, and looks for what it returns',
    finding(
      `unsign(value.slice(2), where.secret);\n  return id === false ? null : ${FIND};`,
      `unsign(where.secret, value.slice(2)) as string;\n  return ${FIND};`,
    ),
    '6.5',
    'whose signature is not good. unsign() was given the secret first',
  ),
  wrong(
    'findSession has the condition the wrong way round',
    finding('id === false ? null', 'id ? null'),
    '6.5',
    'the condition is the wrong way round',
  ),
  wrong(
    'findSession throws for a forged cookie',
    finding('  return id === false', "  if (id === false) throw new Error('forged');\n  return id === false"),
    '6.5',
    'findSession threw this for a cookie that opens nothing, and should return null',
  ),
  wrong(
    'findSession throws for a cookie without s:',
    finding(
      "if (!value?.startsWith('s:')) return null;",
      "if (!value?.startsWith('s:')) throw new TypeError('unsigned');",
    ),
    '6.5',
    'findSession threw this for a cookie that opens nothing, and should return null',
  ),
  wrong(
    'findSession throws an error of its own for a broken cookie',
    finding(
      '    return undefined; // A % without two hex digits behind it.\n',
      "    throw new Error('broken');\n",
    ),
    '6.5',
    'findSession threw this for a cookie that opens nothing, and should return null',
  ),
  wrong(
    'findSession throws when no document is there',
    finding(
      FIND,
      `${FIND}.then((found) => {\n        if (!found) throw new Error('unknown');\n        return found;\n      })`,
    ),
    '6.5',
    'findSession threw this for a cookie that opens nothing, and should return null',
  ),
];
