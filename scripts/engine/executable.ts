import { parseArgs } from 'node:util';
import { VERSION } from './commands/version.ts';

/** mongod's exit codes (MongoDB manual, "Exit Codes and Statuses"): options it cannot do, and an address it cannot have. */
const BAD_OPTIONS = 2;
const NO_ADDRESS = 48;

/** What may be asked of it. The last three change nothing: it keeps no files, knows no users and is its own storage. */
const OPTIONS = {
  version: { type: 'boolean' },
  port: { type: 'string', default: '27017' },
  bind_ip: { type: 'string', default: '127.0.0.1' },
  dbpath: { type: 'string' },
  noauth: { type: 'boolean' },
  storageEngine: { type: 'string' },
} as const;

/**
 * Starts the embedded engine as mongod would be: says its version, or listens until SIGINT or SIGTERM. Any other option, such as `--auth` or
 * `--replSet`, is refused: a server without it would be another than the one that was asked for. mongodb-memory-server waits for the words
 * "waiting for connections" and takes "address already in use" for an error (its MongoInstance), both on stdout like mongod's log.
 */
export async function main(args: string[]): Promise<void> {
  const options = read(args);
  if (options.version) {
    console.log(`db version v${VERSION}\nThe embedded engine of the workshop, in mongod's place.`);
    return;
  }
  // Not for a mere --version, which is asked before every start.
  const { startEmbedded } = await import('./server.ts');
  const [host = ''] = options.bind_ip.split(',');
  const mongo = await startEmbedded({ port: Number(options.port), host }).catch((error: Error) => {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    log(taken ? 'Address already in use' : error.message, { port: Number(options.port) });
    process.exit(NO_ADDRESS);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void mongo.stop().then(() => process.exit(0)));
  }
  log('Waiting for connections', { port: Number(new URL(mongo.uri).port) });
}

function read(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    console.error(`Error parsing command line: ${(error as Error).message}`);
    process.exit(BAD_OPTIONS);
  }
}

/** A line like those of mongod's log (MongoDB manual, "Log Messages"). */
function log(msg: string, attr: object): void {
  console.log(JSON.stringify({ t: { $date: new Date() }, s: 'I', c: 'NETWORK', ctx: 'embedded', msg, attr }));
}
