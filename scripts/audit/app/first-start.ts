import { EnvironmentError } from '../../shared/errors.ts';
import type { Deployment } from './deployment.ts';
import { AppDown, type RunningApp } from './running-app.ts';

/** Starts the first instance. @throws {EnvironmentError} when it does not come up, with what was seen and the way out */
export async function startedOrSaid(deployment: Deployment): Promise<RunningApp> {
  try {
    return await deployment.start();
  } catch (error) {
    throw error instanceof AppDown ? notStarted(error, deployment) : error;
  }
}

/** Solutions by what a failed start printed. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /Cannot find module '[^'\n]*\.node'|Could not locate the bindings file/,
    'A package in its node_modules has a part that was not built. Run npm rebuild there.',
  ],
  [
    /Cannot find (?:module|package) ['"]?([^'"\n]+)/,
    'Is everything installed and built? Run npm install there, and its build script if it has one.',
  ],
  [
    /(?:secret|SECRET|env|process\.env)\b.*(?:required|missing|undefined|must be)|(?:required|missing)\b.*\b[A-Z][A-Z_]{3,}/,
    'It misses a variable. Give it one: --env NAME=value.',
  ],
  [
    /ERR_DLOPEN_FAILED|invalid ELF header|was compiled against a different Node/,
    'A package in its node_modules was built for another machine. Run npm rebuild there.',
  ],
  [/EACCES|EADDRNOTAVAIL/, 'It wants a port or an address that this machine does not give.'],
];

/** The error for an app that did not start: what was seen, what it printed, the solution. */
function notStarted(error: AppDown, deployment: Deployment): EnvironmentError {
  const { dir } = deployment;
  const printed = error.output
    .replaceAll(dir, '.')
    .trimEnd()
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at |^Node\.js v/.test(line))
    .slice(-12);
  const way = KNOWN.find(([pattern]) => pattern.test(error.output))?.[1];
  // An app that ends at once cannot report its refused connections.
  const said = [...error.output.matchAll(/ECONNREFUSED (?:\S+ )?([\w.-]+:\d+)/g)].map(
    ([, where = '']) => where,
  );
  const refused = [...new Set([...error.refused, ...said])];
  const lines = [
    `The app did not start: ${error.message}.`,
    ...(printed.length && printed[0] !== ''
      ? ['It printed at the end:', ...printed.map((line) => `  ${line}`)]
      : ['It printed nothing.']),
    ...(refused.length
      ? [
          `It wanted to connect to ${refused.join(', ')}. The audit lets an app reach only what the audit started: MongoDB, and Redis where there is a server.`,
        ]
      : []),
    ...(way ? [way] : []),
    ...builds(error, deployment),
    ...sampleOf(error, deployment),
    ...unset(deployment),
    ...(error.kind === 'unwatched'
      ? [
          'The audit looks into the app through NODE_OPTIONS, and keeps it from your database that way. Start Node without replacing them: --start "node server.js". A start that takes longer: --wait 120.',
        ]
      : [
          'Another way to start it: --start "node server.js". A variable it needs: --env NAME=value. A longer wait: --wait 120.',
        ]),
  ];
  return new EnvironmentError(lines.join('\n'));
}

/** The scripts that build the app, when the file that is started is not there. */
function builds({ output }: AppDown, { app }: Deployment): string[] {
  if (!/Cannot find module ['"]?[^'"\n]*\/(?:dist|build|lib|out)\//.test(output)) return [];
  const scripts = Object.keys(app.scripts).filter((name) => /^(?:build|compile|tsc)\b/.test(name));
  return scripts.length ? [`Scripts of its package.json that build: ${scripts.join(', ')}.`] : [];
}

/** A sample of the missing file, which is to be copied: config.default.js for config.js. */
function sampleOf({ output }: AppDown, { sources }: Deployment): string[] {
  const [, name = ''] = /Cannot find module ['"]\.[^'"\n]*?([\w-]+)(?:\.\w+)?['"]/.exec(output) ?? [];
  const sample = sources.find(
    ({ path }) =>
      name !== '' &&
      /[._-](?:default|example|sample|template|dist)\b/.test(path) &&
      path.split('/').at(-1)?.startsWith(name),
  );
  return sample ? [`There is ${sample.path}: it may be a sample of the file that is missing. Copy it.`] : [];
}

/** Set by Node, npm or a host, not by who starts the app. */
const NOT_ASKED = /^(?:npm_|NODE_|PORT$|HOME$|PWD$|PATH$|USER$|CI$|TZ$|VERCEL|HEROKU|RENDER|DYNO|DEBUG$)/;

function unset({ variables, environment }: Deployment): string[] {
  const names = variables.filter((name) => !NOT_ASKED.test(name) && !(name in (environment?.values ?? {})));
  return names.length ? [`Its source reads variables that nothing sets: ${names.sort().join(', ')}.`] : [];
}
