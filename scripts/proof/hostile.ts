/** A solution that hostile answers are made from. */
export interface Victim {
  /** The files that a learner edits in this lesson. */
  readonly edited: readonly string[];
  /** The text of one of the answer's files; app.ts is always among them. */
  readonly read: (file: string) => string;
  /** A port that nobody listens on, for the answer that listens by itself. */
  readonly port: number;
}

/** An answer that would break a careless judge: the solution of any lesson with one hostile change. */
export interface Hostile {
  /** What it does: 'it loops for ever while it loads'. */
  readonly name: string;
  /** The files that differ from the solution's, by name. */
  readonly files: (victim: Victim) => Record<string, string>;
  /** Whether it passes, because it is right all the same. */
  readonly passes?: true;
  /** Its message when it fails. One that passes in most lessons may fail in a lesson about what it does. */
  readonly says?: RegExp;
}

/** Adds a line before the first file that a learner edits. */
const whileLoading = (line: string) => (victim: Victim) => {
  const [file = 'app.ts'] = victim.edited;
  return { [file]: `${line}\n${victim.read(file)}` };
};

/** Adds a handler that each request reaches first. */
const inHandler = (line: string) => whenMade(`app.use((_req, res, next) => { ${line} });`);

/** Adds a line to createApp. */
const whenMade = (line: string) => (victim: Victim) => ({
  'app.ts': victim.read('app.ts').replace('const app = express();', (made) => `${made} ${line}`),
});

/** Changes every file that a learner edits. */
const everyFile = (change: (text: string) => string) => (victim: Victim) =>
  Object.fromEntries(victim.edited.map((file) => [file, change(victim.read(file))]));

/**
 * All of them. `npm test` takes the first one in lesson 1, the second in lesson 2 and so on, and then again: those
 * for which the judge must wait are in short lessons, and those that fail at once in long ones.
 */
export const HOSTILE: readonly Hostile[] = [
  {
    name: 'it loops for ever in a handler',
    files: inHandler('while (true);'),
    says: /no answer within[\s\S]+loops for ever/,
  },
  {
    name: 'it ends its process while it loads',
    files: whileLoading('process.exit(0);'),
    says: /ended with exit code 0[\s\S]+process\.exit\(\)/,
  },
  {
    name: 'it never ends a response',
    files: inHandler(''),
    says: /no answer within[\s\S]+neither ends the response/,
  },
  {
    name: 'it ends its process in a handler',
    files: inHandler('process.exit(5);'),
    says: /ended with exit code 5[\s\S]+process\.exit\(\)/,
  },
  {
    name: 'it has a byte order mark, and the line ends of Windows',
    files: everyFile((text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`),
    passes: true,
  },
  {
    name: 'it waits for what never comes while it loads',
    files: whileLoading('await new Promise(() => {});'),
    says: /did not listen within[\s\S]+await that nothing ends/,
  },
  {
    name: 'it leaves a rejection to nobody',
    files: inHandler("void Promise.reject(new Error('nobody waits')); next();"),
    says: /Error: nobody waits/,
  },
  {
    name: 'it loops for ever while it loads',
    files: whileLoading('while (true);'),
    says: /did not listen within[\s\S]+endless loop/,
  },
  {
    name: 'it ends its process once it has answered',
    files: inHandler("res.once('finish', () => process.exit(6)); next();"),
    // A lesson that sends each process one request cannot notice.
    passes: true,
    says: /ended with exit code 6/,
  },
  {
    name: 'it has a syntax error',
    files: whileLoading('const = 2;'),
    says: /SyntaxError[\s\S]+cannot be read as TypeScript/,
  },
  {
    name: 'it throws while it loads',
    files: whileLoading("throw new Error('no shop today');"),
    says: /Error: no shop today/,
  },
  {
    name: 'its file is empty',
    files: everyFile(() => ''),
    says: /does not export a function createApp|No matching export/,
  },
  {
    name: 'it prints 50 MB',
    files: whileLoading(
      "for (let i = 0; i < 50; i++) await new Promise((done) => process.stdout.write('x'.repeat(1024 * 1024), done));",
    ),
    passes: true,
    // On a busy machine the printing may take longer than the limit for opening.
    says: /did not listen within/,
  },
  {
    name: 'it deletes its own file',
    files: whileLoading("import { rmSync } from 'node:fs';\nrmSync(import.meta.filename, { force: true });"),
    passes: true,
  },
  {
    name: 'it listens by itself, on a port of its own',
    files: (victim) => whenMade(`app.listen(${victim.port}, '127.0.0.1');`)(victim),
    passes: true,
    says: /EADDRINUSE[\s\S]+listens by itself|still open|goes on/,
  },
  {
    name: 'it exports another name',
    files: everyFile((text) => text.replaceAll(/^export (?!type)/gm, '')),
    says: /does not export a function createApp|No matching export/,
  },
  {
    name: 'it opens a store and never closes it',
    files: whenMade(
      "void import('mongodb').then(({ MongoClient }) => new MongoClient(config.mongodbUri).connect()).catch(() => {});",
    ),
    passes: true,
    says: /still open|goes on/,
  },
  {
    name: 'it replaces what is global',
    files: whileLoading(
      'process.send = () => true; process.exit = process.kill = (() => true) as never; process.on = (() => process) as never; globalThis.fetch = () => Promise.reject(); Math.random = () => 0; console.log = () => {};',
    ),
    passes: true,
  },
  {
    name: 'it starts a program that is to outlive it',
    files: (victim) =>
      whileLoading(
        `import { spawn } from 'node:child_process';\nspawn(process.execPath, ['-e', "require('net').createServer().listen(${victim.port}, '127.0.0.1')"], { detached: true, stdio: 'ignore' }).unref();`,
      )(victim),
    passes: true,
  },
];
