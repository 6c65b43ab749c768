import chalk from 'chalk';
import open from 'open';
import { fetchCompass } from '../compass/fetch.ts';
import { Gateway } from '../compass/gateway.ts';
import { openSite } from '../compass/site.ts';
import { type Target, whichDatabase } from '../compass/which-database.ts';
import { CTRL_C, onKey } from '../live/keys.ts';
import { readArguments } from '../shared/arguments.ts';
import { EnvironmentError, EXIT, UsageError } from '../shared/errors.ts';

const say = (line = '') => console.log(line);
const row = (label: string, text: string) => say(`  ${chalk.dim(label.padEnd(9))}${text}`);

/** `npm run compass`: the connection string for desktop Compass, and Compass's own interface in a browser tab, on the sessions. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  if (positionals.length)
    throw new UsageError(`npm run compass takes nothing, and was given ${positionals.join(' ')}.`);
  const target = whichDatabase();
  sayStrings(target);
  const gateway = await connect(target);
  const packages = await fetchCompass(console.error);
  if (!packages) {
    console.error('Stopped. Nothing was kept of it; npm run compass fetches it again.');
    return EXIT.interrupted;
  }
  const site = await openSite(packages, target, (message) => gateway.answer(message));
  const rights = target.mayWrite
    ? 'documents can be changed and deleted: the database is in memory'
    : 'read only: the database is that of your MONGODB_URI';
  row('browser', `${chalk.cyan(site.url)}\n           ${chalk.dim(rights)}`);
  await untilQuit(site.url);
  await Promise.all([site.close(), gateway.close()]);
  return EXIT.ok;
}

function sayStrings({ name, uri, shownUri, database }: Target): void {
  say(`\n  Compass on ${database}.sessions, the database of ${name}\n`);
  row('desktop', `${shownUri}   ${chalk.dim('in Compass: Add new connection')}`);
  row('mongosh', `mongosh "${shownUri}"`);
  if (uri !== shownUri) row('', chalk.dim('with your password in place of what is hidden'));
}

async function connect({ uri, name, mayWrite, redact }: Target): Promise<Gateway> {
  // Printed once: later commands would fail as well.
  let said = false;
  const onLost = () => {
    if (!said) say(chalk.yellow(`\n  The database of ${name} does not answer any more. Was it closed?`));
    said = true;
  };
  try {
    return await Gateway.open(uri, { mayWrite, redact, onLost });
  } catch (error) {
    const why = redact((error as Error).message).replace(/\.$/, '');
    throw new EnvironmentError(
      `The database of ${name} cannot be reached: ${why}. npm run doctor says more.`,
    );
  }
}

/** Opens the browser when there is a terminal, and waits until a key or a signal ends it. */
async function untilQuit(url: string): Promise<void> {
  let quit = () => {};
  const quitted = new Promise<void>((resolve) => {
    quit = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quit);
  const keys: Record<string, () => unknown> = { o: () => open(url), q: quit, [CTRL_C]: quit };
  const giveTerminalBack = onKey((key) => keys[key]?.());
  if (process.stdin.isTTY) {
    row('keys', 'o open it again   q quit');
    await open(url);
  }
  await quitted;
  giveTerminalBack();
}
