import { type Problem, reported } from './problem.ts';

/** CommonJS and ES modules, packages. */
export const OF_MODULES = {
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
    says: reported(
      'require() of ES Module … not supported',
      'ERR_REQUIRE_ESM',
      'No "exports" main defined in …package.json',
    ),
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
          /\b(?:connect_mongodb_session_\d|connectMongoDBSession|connectMongoDbSession|MongoDBSession|MongoDBStore)(?:\.default)?\)? is not a (?:function|constructor)/i,
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
