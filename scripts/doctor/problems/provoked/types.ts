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

/** What the compiler says of one function of a request. Alone: whoever imports express-session anywhere brings its types. */
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

export const TYPES: Provocations = {
  "Property '…' does not exist on type 'Session & Partial<SessionData>'": compiling(
    'req.session.userId',
    "import 'express-session';\n",
  ),
  "Property 'user' does not exist on type 'Request…'": compiling('req.user'),
  "Property 'session' does not exist on type 'Request…'": compiling('req.session'),
};
