import { randomBytes } from 'node:crypto';
import type { Ailment, Chart } from '#shop/patients.ts';
import { startEmbedded } from '../../engine/server.ts';
import { refusedUri, startTap, type Tap } from '../tap.ts';
import { startLate } from './late.ts';

/** Someone whose shop cannot keep sessions: a chart, and the deployment that it is about. */
export interface Patient extends Chart {
  /** What came to the deployment; absent where there is none to come to. */
  readonly tap?: Tap;
}

/** The deployments of lesson 5, each ill in its own way. */
export interface Ward {
  readonly patients: Readonly<Record<Ailment, Patient>>;
  /** The patients' charts alone: what a shop is told of them. */
  readonly charts: Readonly<Record<Ailment, Chart>>;
  close(): Promise<void>;
}

/**
 * Opens the ward on free ports of 127.0.0.1.
 * @param engineUri an in-memory Mongo, mongodb://127.0.0.1:PORT/, that most patients' deployments keep their data in
 */
export async function openWard(engineUri: string): Promise<Ward> {
  const clerk = { username: 'clerk', password: `oolong-${randomBytes(4).toString('hex')}` };
  // The slash comes before the @: the other way round the driver would ask the DNS for the rest of the password.
  const baker = {
    username: 'baker',
    password: `tea/${randomBytes(3).toString('hex')}@${randomBytes(3).toString('hex')}`,
  };
  const guarded = await startEmbedded({
    users: { [clerk.username]: clerk.password, [baker.username]: baker.password },
  });
  const [compatible, limited, strong, users, html, terminal, behind] = (await Promise.all(
    [engineUri, guarded.uri, guarded.uri, guarded.uri, engineUri, engineUri, guarded.uri].map(startTap),
  )) as [Tap, Tap, Tap, Tap, Tap, Tap, Tap];
  compatible.refuseRetryableWrites();
  allowOnlyShop(limited);
  const [away, ipv4, late] = await Promise.all([
    refusedUri(),
    startOnIpv4Only(engineUri),
    startLate(behind.uri),
  ]);

  const patients: Ward['patients'] = {
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
    patients,
    charts: Object.fromEntries(
      Object.entries(patients).map(([ailment, { tap, ...chart }]) => [ailment, chart]),
    ) as Ward['charts'],
    close: async () => {
      await Promise.all([late.close(), away.release(), ipv4.release()]);
      await Promise.all(Object.values(patients).map(({ tap }) => tap?.stop()));
      await guarded.stop();
    },
  };
}

/** A login as people put it into a connection string: as it is. */
function withLogin(uri: string, { username, password }: Required<Omit<Chart, 'uri'>>): string {
  return uri.replace('//', () => `//${username}:${password}@`);
}

/** A user with rights on `shop` alone meets this in `test`, which is where a string without a database name leads (mongod, code 13). */
function allowOnlyShop(tap: Tap): void {
  for (const name of ['createIndexes', 'find', 'insert', 'update', 'delete']) {
    const message = `not authorized on test to execute command { ${name}: "sessions", $db: "test" }`;
    tap.fail(name, { code: 13, message, db: 'test', times: Number.POSITIVE_INFINITY });
  }
}

/** A deployment on 127.0.0.1 whose port on ::1 refuses, and belongs to nobody else while it runs. */
async function startOnIpv4Only(engineUri: string): Promise<{ readonly tap: Tap; release(): Promise<void> }> {
  for (;;) {
    const tap = await startTap(engineUri);
    try {
      const { release } = await refusedUri(Number(new URL(tap.uri).port), '::1');
      return { tap, release };
    } catch (error) {
      // Anything but a port that is taken: this machine has no IPv6, and nobody can listen there.
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return { tap, release: async () => {} };
      await tap.stop();
    }
  }
}
