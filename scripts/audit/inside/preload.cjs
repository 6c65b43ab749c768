// Loaded into every Node process of an audited app, by NODE_OPTIONS, before the app's own code. Plain CommonJS without packages,
// because it runs with the app's Node options and packages. It reports to the audit over a loopback
// connection and changes six things: the clock can be set ahead, servers listen where the audit says, connections reach only
// what the audit started, MongoDB drivers get the audit's URI, calls of the session store are reported, and routes are recorded.
'use strict';
const { basename } = require('node:path');
const { register } = require('node:module');
const { pathToFileURL } = require('node:url');
const { isMainThread } = require('node:worker_threads');

const { WORKSHOP_AUDIT: settings } = process.env;
/** Programs that only start others. Reporting them would cost time for nothing. */
const STARTERS = new Set([
  'npm-cli.js',
  'npx-cli.js',
  'yarn.js',
  'pnpm.cjs',
  'tsc',
  'tsc.js',
  'esbuild',
  'concurrently.js',
]);

if (settings && isMainThread && !STARTERS.has(basename(process.argv[1] ?? ''))) {
  const { control, token, port, mongo, redis } = JSON.parse(settings);
  const clock = require('./clock.cjs');
  const network = require('./network.cjs');
  const sessions = require('./sessions.cjs');
  const routes = require('./routes.cjs');
  const { afterLoading } = require('./module-hook.cjs');
  const { openChannel } = require('./channel.cjs');

  clock.install();
  register('./import-hook.mjs', pathToFileURL(__filename));
  const channel = openChannel({ port: control, token, connect: network.allow(control) });
  network.install({ port, mongo, redis, report: channel.report });
  afterLoading(require('./mongo-driver.cjs').hooks({ mongo, report: channel.report }));
  afterLoading(sessions.hooks(channel.report));
  afterLoading(routes.hooks());

  channel.answer('ping', () => ({ hasServer: network.hasServer() }));
  channel.answer('clock', ({ ahead }) => clock.setAhead(ahead));
  channel.answer('ports', ({ ports }) => {
    for (const each of ports) network.allow(each);
  });
  channel.answer('routes', () => ({ routes: routes.list() }));
  channel.answer('hold', ({ id, operation }) => sessions.hold(id, operation));
  channel.answer('release', () => sessions.release());
}
