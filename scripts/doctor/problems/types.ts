import { type Problem, reported } from './problem.ts';

/** Messages of TypeScript. */
export const OF_TYPES = {
  'session-data-type': {
    says: [
      "Property '…' does not exist on type 'Session & Partial<SessionData>'",
      {
        text: "Property '…' does not exist on type 'Session'",
        pattern: /Property '\w+' does not exist on type 'Session(?:'| \|)/,
        reported: true,
      },
    ],
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
  'session-data-declaration': {
    says: [
      'Module \'"express-session"\' has no exported member',
      ...reported("Invalid module name in augmentation, module 'express-session' cannot be found"),
      {
        text: "Property '…' is missing in type 'Session & Partial<SessionData>' but required in type 'Session'",
        pattern: /is missing in type 'Session & Partial<SessionData>' but required in type 'Session'/,
        reported: true,
      },
    ],
    cause:
      "declare module 'express-session' stands in a file without an import, or extends Session: it then replaces the types of the package, or makes the key one that every session must have.",
    fix: "In a .ts file: import 'express-session'; declare module 'express-session' { interface SessionData { counter: number } }. SessionData, not Session. @types/express-session has to be installed.",
    lesson: 1,
  },
  'session-possibly-undefined': {
    says: [
      {
        text: "'req.session.cart' is possibly 'undefined'",
        pattern: /'(?:req|request)\.session(?:\.\w+)+' is possibly 'undefined'/,
      },
    ],
    cause:
      'Each key of a session may be missing: a new session has none of them. TypeScript asks you to look first.',
    fix: 'const { cart = [] } = req.session, or an if before it. With ! it would fail at the first visitor who has none.',
    lesson: 1,
  },
  'env-type': {
    says: [
      {
        text: "Type 'string | undefined' is not assignable to type 'string'",
        pattern: /ype 'string \| undefined' is not assignable to (?:type|parameter of type) '/,
      },
    ],
    cause:
      'A value that may be undefined goes where a text is needed: most often a variable, process.env.NAME, that may not be set.',
    fix: 'A variable: read it at the start and stop when it is missing, if (!secret) throw new Error(…); after that TypeScript knows that it is there. Another value: ask whether it is there before you use it.',
    lesson: 4,
  },
  'user-type': {
    says: [
      {
        text: "Subsequent property declarations must have the same type. Property 'user' must be of type",
        reported: true,
      },
      {
        text: "Property 'user' does not exist on type 'Request…'",
        pattern:
          /Property '(?:user|flash|isAuthenticated|logout|logIn|login)' does not exist on type 'Request/,
      },
    ],
    cause: 'TypeScript does not know what Passport or your own middleware puts on the request.',
    fix: 'npm install --save-dev @types/passport (or @types/connect-flash), or: declare global { namespace Express { interface Request { user?: User } } }. With @types/passport extend interface User in place of Request.',
  },
  'user-type-empty': {
    says: [...reported("Property '…' does not exist on type 'User'")],
    cause: '@types/passport leaves Express.User empty until it is told more.',
    fix: 'declare global { namespace Express { interface User { id: string } } }.',
  },
  'types-two-drivers': {
    says: reported(
      'Types have separate declarations of a private property',
      "Type 'MongoClient' is missing the following properties from type 'MongoClient'",
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
  'typescript-named-file': {
    says: [
      'error TS5112: tsconfig.json is present but will not be loaded if files are specified on commandline',
    ],
    cause:
      'tsc was given a file by name beside a tsconfig.json. TypeScript 5 ignores the tsconfig.json then, TypeScript 7 refuses.',
    fix: 'Run tsc without a name: it takes the files of tsconfig.json. To run one file: node --import tsx app.ts. To ignore the tsconfig.json: tsc --ignoreConfig app.ts.',
  },
} as const satisfies Record<string, Problem>;
