import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

interface Hook {
  readonly file: RegExp;
  readonly change: (exports: Record<string, unknown>) => unknown;
}
const { hooks } = createRequire(import.meta.url)('./mongo-driver.cjs') as {
  hooks(options: { mongo: number; report: (message: object) => void }): Hook[];
};

/** The module of a driver after the audit has changed it. */
function changed(file: string, exports: Record<string, unknown>) {
  const told: object[] = [];
  for (const hook of hooks({ mongo: 4711, report: (message) => told.push(message) }))
    if (hook.file.test(file)) hook.change(exports);
  return { exports, told };
}

it.each([
  ['mongodb+srv://ann:secret@cluster0.example.net/shop?retryWrites=true&w=majority', 'cluster0.example.net'],
  ['mongodb://localhost/shop?replicaSet=rs0&retryWrites=true&w=majority', 'localhost'],
  // An app that appends a name to the address from the audit.
  ['mongodb://127.0.0.1:4700/audit/shop?retryWrites=true&w=majority', '127.0.0.1:4700'],
])('%s leads to the audit’s Mongo, to the same database', (uri, from) => {
  const { exports, told } = changed('/mongodb/lib/connection_string.js', {
    parseOptions: (given: string) => given,
  });
  const parse = exports.parseOptions as (uri: string) => string;
  expect(parse(uri)).toBe('mongodb://127.0.0.1:4711/shop?retryWrites=true&w=majority');
  expect(told).toEqual([{ kind: 'redirected', from, to: 'mongo' }]);
});

it('connect() of driver 3 is given another string, connect() of driver 4 its own options', () => {
  const seen: unknown[] = [];
  const { exports } = changed('/mongodb/lib/operations/connect.js', {
    connect: (...args: unknown[]) => seen.push(args[1]),
  });
  const connect = exports.connect as (...args: unknown[]) => void;
  connect({}, 'mongodb://localhost/shop', {}, () => {});
  const options = Object.assign(Object.create(null), { hosts: [] });
  connect({}, options, () => {});
  expect(seen).toEqual(['mongodb://127.0.0.1:4711/shop', options]);
});

it('the parser that Mongoose 5 calls itself is given another string', () => {
  const parse = (uri: string, options: object) => ({ uri, options });
  const [hook] = hooks({ mongo: 4711, report: () => {} }).filter(({ file }) =>
    file.test('/mongodb/lib/core/uri_parser.js'),
  );
  const changedParse = hook?.change(parse as never) as unknown as typeof parse;
  expect(changedParse('mongodb+srv://ann:x@cluster0.example.net/shop', {})).toEqual({
    uri: 'mongodb://127.0.0.1:4711/shop',
    options: {},
  });
});
