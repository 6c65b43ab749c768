import { createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { type Failure, FaultPlan } from './fault-plan.ts';
import { OldDriver } from './old-driver.ts';
import { Recording, type TappedCommand } from './recording.ts';
import { ReopenablePort } from './reopenable-port.ts';
import { ProxyConnection } from './tap-line.ts';
import { ReplicaSetMember } from './tap-member.ts';

/** The fault proxy in front of a Mongo. It records the commands and forwards them unchanged, except for the faults that it plays. */
export interface Tap {
  /** mongodb://127.0.0.1:PORT/ */
  readonly uri: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly open: number;
  /**
   * The commands since the last `forget`, oldest first: those of one name, or all but the driver's own (greeting, log-in, ping). A
   * message that cannot be read is listed as UNREADABLE, so that no check concludes "nothing was written" from it.
   */
  commands(name?: string): readonly TappedCommand[];
  /** The first command of that name since the last `forget`. @throws {Error} with its name when none came within `withinMs` */
  seen(name: string, withinMs: number): Promise<TappedCommand>;
  /** What the embedded engine has refused because it lacks it, in the engine's words, since the tap was started. None on a mongod. */
  readonly refusals: readonly string[];
  /** The error messages that it was told to answer with since it was started. */
  readonly played: readonly string[];
  /** Clears the record of commands. */
  forget(): void;

  /** The database is down: connections are reset, new ones get ECONNREFUSED. */
  refuse(): Promise<void>;
  /** It accepts connections and answers no command until `behave`. A command whose client has hung up by then has no effect. */
  hang(): void;
  /** It answers all but the commands of that name, until `behave`: the driver's monitoring sees a healthy server. Later commands on that connection wait, too. */
  hold(name: string): void;
  /** Each write waits that many milliseconds before the Mongo receives it, until `behave`. Later commands on that connection wait, too. */
  slowWrites(ms: number): void;
  /** Ends all connections. New ones are accepted. */
  drop(): void;
  /** Cuts the connection of the next command of that name, before the Mongo receives it; or of the next `times` commands. */
  dropAt(name: string, times?: number): void;
  /** The next command of that name, or the next `times`, is answered with an error and does not reach the Mongo. */
  fail(name: string, failure: Failure): void;
  /**
   * The deployment looks like the primary of a replica set of one, `rs0`, and takes retryable writes. Connections end, because a driver
   * keeps the description from the greeting. `behave` does not undo it: drivers drop a member that becomes a standalone (Server
   * Discovery and Monitoring spec).
   */
  asReplicaSetMember(): void;
  /** Like `asReplicaSetMember`, and each retryable write is answered with code 20, as some MongoDB-compatible services do. */
  refuseRetryableWrites(): void;
  /** Ends every fault. Resolves when it accepts connections again. */
  behave(): Promise<void>;
  stop(): Promise<void>;
}

export type { Failure } from './fault-plan.ts';
export type { TappedCommand } from './recording.ts';
export { type Refused, refusedUri } from './refused.ts';
export { UNREADABLE } from './tap-line.ts';

/** Options for a proxy that runs for long. */
export interface TapOptions {
  /** How many commands are kept; all of them by default. */
  readonly most?: number;
  /** Called with each command when its reply passes, or when its connection ends before that. */
  readonly onDone?: (command: TappedCommand) => void;
  /** Whether it translates the commands of drivers that servers of today refuse. */
  readonly oldDrivers?: boolean;
}

/** Starts the proxy for the Mongo at `targetUri` (mongodb://HOST:PORT/), on a free port. When the Mongo is gone, connections end. */
export async function startTap(
  targetUri: string,
  { most, onDone, oldDrivers }: TapOptions = {},
): Promise<Tap> {
  const { hostname, port: targetPort } = new URL(targetUri);
  const target = { host: hostname, port: Number(targetPort) };
  const recording = new Recording(most);
  const faults = new FaultPlan();
  const proxied = new Set<ProxyConnection>();
  const played: string[] = [];
  let connections = 0;
  const accept = (client: Socket) => {
    connections++;
    const member = faults.member ? new ReplicaSetMember(`127.0.0.1:${port.port}`) : undefined;
    const old = oldDrivers ? new OldDriver() : undefined;
    const connection = new ProxyConnection({ client, target, recording, faults, member, old, onDone });
    proxied.add(connection);
    client.on('close', () => proxied.delete(connection));
  };
  const port = await ReopenablePort.listen(
    createServer({ noDelay: true, allowHalfOpen: true }, accept),
    () => {
      for (const connection of proxied) connection.reset();
    },
  );
  const drop = () => {
    for (const connection of proxied) connection.end();
  };
  const becomeMember = (refusesRetries: boolean) => {
    if (!faults.member) drop();
    faults.becomeMember(refusesRetries);
  };
  return {
    uri: `mongodb://127.0.0.1:${port.port}/`,
    get connections() {
      return connections;
    },
    get open() {
      return proxied.size;
    },
    commands: (name) => recording.commands(name),
    get refusals() {
      return recording.refusals;
    },
    seen: (name, withinMs) => recording.seen(name, withinMs),
    forget: () => recording.forget(),
    refuse: () => port.refuse(),
    hang: () => faults.hang(),
    hold: (name) => faults.hold(name),
    slowWrites: (ms) => faults.slowWrites(ms),
    drop,
    dropAt: (name, times = 1) => faults.cut(name, times),
    played,
    fail: (name, failure) => {
      if (failure.message) played.push(failure.message);
      faults.fail(name, failure);
    },
    asReplicaSetMember: () => becomeMember(false),
    refuseRetryableWrites: () => becomeMember(true),
    behave: async () => {
      // One turn of the event loop delivers the ends of clients that gave up.
      for (const _turn of ['this', 'a whole one']) await setImmediate();
      faults.reset();
      for (const connection of proxied) connection.release();
      await port.reopen();
    },
    stop: () => port.stop(),
  };
}
