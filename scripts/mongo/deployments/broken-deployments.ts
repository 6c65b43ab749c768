import { randomBytes } from 'node:crypto';
import type { ConnectionInfo, Problem } from '#shop/patients.ts';
import { startEmbedded } from '../../engine/server.ts';
import { refusedUri, startTap, type Tap } from '../tap.ts';
import { startLate } from './late.ts';

/** A deployment on which a shop keeps no session, and how its shop connects to it. */
export interface BrokenDeployment extends ConnectionInfo {
  /** Records the commands. Absent where no command can arrive. */
  readonly tap?: Tap;
}

/** The deployments of lesson 5, each with another problem. */
export interface BrokenDeployments {
  readonly byProblem: Readonly<Record<Problem, BrokenDeployment>>;
  /** How a shop connects, without the recordings: plain data. */
  readonly connections: Readonly<Record<Problem, ConnectionInfo>>;
  close(): Promise<void>;
}

/**
 * Starts the deployments on free ports of 127.0.0.1.
 * @param engineUri an in-memory Mongo, mongodb://127.0.0.1:PORT/, where most of them keep their data
 */
export async function startBrokenDeployments(engineUri: string): Promise<BrokenDeployments> {
  const clerk = { username: 'clerk', password: `oolong-${randomBytes(4).toString('hex')}` };
  // With the @ before the slash, the driver would ask the DNS for the rest of the password. Digits alone would be an address there.
  const baker = {
    username: 'baker',
    password: `tea/${randomBytes(3).toString('hex')}@leaf-${randomBytes(3).toString('hex')}`,
  };
  const guarded = await startEmbedded({
    users: { [clerk.username]: clerk.password, [baker.username]: baker.password },
  });
  const [compatible, limited, strong, users, html, terminal, behind] = (await Promise.all(
    [engineUri, guarded.uri, guarded.uri, guarded.uri, engineUri, engineUri, guarded.uri].map((uri) =>
      startTap(uri),
    ),
  )) as [Tap, Tap, Tap, Tap, Tap, Tap, Tap];
  compatible.refuseRetryableWrites();
  allowOnlyShop(limited);
  const [away, ipv4, late] = await Promise.all([
    refusedUri(),
    startOnIpv4Only(engineUri),
    startLate(behind.uri),
  ]);

  const byProblem: BrokenDeployments['byProblem'] = {
    'retryable-writes': { uri: `${compatible.uri}shop?retryWrites=true&w=majority`, tap: compatible },
    'database-name': { uri: `${withLogin(limited.uri, clerk)}?authSource=admin`, ...clerk, tap: limited },
    password: { uri: `${withLogin(strong.uri, baker)}shop?authSource=admin`, ...baker, tap: strong },
    'auth-source': { uri: `${withLogin(users.uri, clerk)}shop`, ...clerk, tap: users },
    'host-away': { uri: `${away.uri}shop` },
    localhost: { uri: `${ipv4.tap.uri.replace('127.0.0.1', '[::1]')}shop`, tap: ipv4.tap },
    'copy-paste': { uri: `${html.uri}shop?retryWrites=true&amp;w=majority`, tap: html },
    backslash: { uri: `${terminal.uri}shop\\?retryWrites\\=true\\&w\\=majority`, tap: terminal },
    'dead-store': { uri: `${withLogin(late.uri, clerk)}shop?authSource=admin`, ...clerk, tap: behind },
  };
  return {
    byProblem,
    connections: Object.fromEntries(
      Object.entries(byProblem).map(([problem, { tap, ...connection }]) => [problem, connection]),
    ) as BrokenDeployments['connections'],
    close: async () => {
      await Promise.all([late.close(), away.release(), ipv4.release()]);
      await Promise.all(Object.values(byProblem).map(({ tap }) => tap?.stop()));
      await guarded.stop();
    },
  };
}

/** A login that is not percent-encoded. */
function withLogin(uri: string, { username, password }: Required<Omit<ConnectionInfo, 'uri'>>): string {
  return uri.replace('//', () => `//${username}:${password}@`);
}

/** A user with rights on `shop` alone gets code 13 of mongod in `test`, the database of a string without a name. */
function allowOnlyShop(tap: Tap): void {
  for (const name of ['createIndexes', 'find', 'insert', 'update', 'delete']) {
    const message = `not authorized on test to execute command { ${name}: "sessions", $db: "test" }`;
    tap.fail(name, { code: 13, message, db: 'test', times: Number.POSITIVE_INFINITY });
  }
}

/** A deployment on 127.0.0.1 whose port on ::1 refuses connections. No other program can take that port meanwhile. */
async function startOnIpv4Only(engineUri: string): Promise<{ readonly tap: Tap; release(): Promise<void> }> {
  for (;;) {
    const tap = await startTap(engineUri);
    try {
      const { release } = await refusedUri(Number(new URL(tap.uri).port), '::1');
      return { tap, release };
    } catch (error) {
      // Any other error: this machine has no IPv6, and no program can listen there.
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return { tap, release: async () => {} };
      await tap.stop();
    }
  }
}
