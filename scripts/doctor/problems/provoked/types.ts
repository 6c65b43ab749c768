import { join } from 'node:path';
import { ROOT } from '../../../shared/paths.ts';
import { type Provocations, printed } from './support.ts';

const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const FLAGS = [
  '--ignoreConfig',
  '--noEmit',
  '--strict',
  '--skipLibCheck',
  '--module',
  'nodenext',
  '--target',
  'es2023',
  '--types',
  'node',
];

/** The compiler's errors for one function of a request. A file of its own, because an import of express-session anywhere adds its types. */
const compiling =
  (returned: string, imports = '') =>
  () =>
    printed(
      {
        'package.json': '{"type":"module"}',
        'page.ts': `import type { Request } from 'express';\n${imports}export const page = (req: Request) => ${returned};\n`,
      },
      [TSC, ...FLAGS, 'page.ts'],
    );

/** The compiler's errors for a page next to a file with declarations. */
const declaring = (types: string, page: string) => () =>
  printed({ 'package.json': '{"type":"module"}', 'types.d.ts': types, 'page.ts': page }, [
    TSC,
    ...FLAGS,
    'types.d.ts',
    'page.ts',
  ]);

export const TYPES: Provocations = {
  "Property '…' does not exist on type 'Session & Partial<SessionData>'": compiling(
    'req.session.userId',
    "import 'express-session';\n",
  ),
  "Property 'user' does not exist on type 'Request…'": compiling('req.user'),
  "Property 'session' does not exist on type 'Request…'": compiling('req.session'),
  'Module \'"express-session"\' has no exported member': declaring(
    "declare module 'express-session' { interface SessionData { counter: number } }",
    "import { type Session } from 'express-session'; export const session: Session | undefined = undefined;",
  ),
  "'req.session.cart' is possibly 'undefined'": declaring(
    "import 'express-session'; declare module 'express-session' { interface SessionData { cart: string[] } }",
    "import type { Request } from 'express'; export const page = (req: Request) => req.session.cart.length;",
  ),
  "Type 'string | undefined' is not assignable to type 'string'": declaring(
    'export {};',
    "import session from 'express-session'; session({ secret: process.env.SESSION_SECRET });",
  ),
  'error TS5112: tsconfig.json is present but will not be loaded if files are specified on commandline': () =>
    printed({ 'tsconfig.json': '{}', 'app.ts': 'export const port: number = 3000;\n' }, [TSC, 'app.ts']),
};
