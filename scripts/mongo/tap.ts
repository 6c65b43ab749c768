import { createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Gate } from './gate.ts';
import { type Failure, Moods } from './moods.ts';
import { Recording, type TappedCommand } from './recording.ts';
import { Line } from './tap-line.ts';
import { Member } from './tap-member.ts';

/** A wire tap: a proxy in front of a Mongo. It records which commands come and, unless it is put into a mood, passes them on unchanged. */
export interface Tap {
  /** mongodb://127.0.0.1:PORT/ */
  readonly uri: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /**
   * The commands since the last `forget`, oldest first: those of one name, or all but the driver's own chatter. A message that cannot
   * be read is listed as UNREADABLE, so that "nothing was written" is never concluded from what the tap did not understand.
   */
  commands(name?: string): readonly TappedCommand[];
  /** The first command of that name since the last `forget`. @throws {Error} naming it when none came within so many milliseconds */
  seen(name: string, withinMs: number): Promise<TappedCommand>;
  /** What the embedded engine refused to do because it lacks it, in its own words, since the tap was started. None on a mongod. */
  readonly refusals: readonly string[];
  /** Starts a fresh record of commands. */
  forget(): void;

  /** The database is down: connections break off, new ones get ECONNREFUSED. */
  refuse(): Promise<void>;
  /** It accepts connections and answers no command. Who still waits when it behaves again gets their answer then; who gave up had no effect. */
  hang(): void;
  /** All connections end now; new ones are welcome. */
  drop(): void;
  /** The connection that brings the next command of that name ends with it, before the Mongo hears of it; so for the next `times` of them. */
  dropAt(name: string, times?: number): void;
  /** The next command of that name, or the next `times`, gets an error for its answer and never reaches the Mongo. */
  fail(name: string, failure: Failure): void;
  /**
   * It says that it is the primary of a replica set of one, `rs0`, and takes retryable writes. Connections end, since a server keeps the description
   * it greeted with. For good, through `behave`: drivers forget a replica set's member that turns standalone (Server Discovery and Monitoring spec).
   */
  poseAsMember(): void;
  /** As a hosted service that speaks MongoDB's protocol may do: poses as such a member, and answers each retryable write with code 20. */
  refuseRetryableWrites(): void;
  /** Ends every mood and plan. Resolves when it accepts connections again. */
  behave(): Promise<void>;
  stop(): Promise<void>;
}

export type { Failure } from './moods.ts';
export type { TappedCommand } from './recording.ts';
export { type Refused, refusedUri } from './refused.ts';
export { UNREADABLE } from './tap-line.ts';

/** Puts a tap in front of the Mongo at `targetUri` (mongodb://HOST:PORT/), on a free port. A target that is gone closes its clients' connections. */
export async function startTap(targetUri: string): Promise<Tap> {
  const { hostname, port: targetPort } = new URL(targetUri);
  const target = { host: hostname, port: Number(targetPort) };
  const recording = new Recording();
  const moods = new Moods();
  const lines = new Set<Line>();
  let connections = 0;
  const accept = (client: Socket) => {
    connections++;
    const member = moods.member ? new Member(`127.0.0.1:${gate.port}`) : undefined;
    const line = new Line({ client, target, recording, moods, member });
    lines.add(line);
    client.on('close', () => lines.delete(line));
  };
  const gate = await Gate.build(createServer({ noDelay: true, allowHalfOpen: true }, accept), () => {
    for (const line of lines) line.reset();
  });
  const drop = () => {
    for (const line of lines) line.end();
  };
  const pose = (refusesRetries: boolean) => {
    if (!moods.member) drop();
    moods.pose(refusesRetries);
  };
  return {
    uri: `mongodb://127.0.0.1:${gate.port}/`,
    get connections() {
      return connections;
    },
    commands: (name) => recording.commands(name),
    get refusals() {
      return recording.refusals;
    },
    seen: (name, withinMs) => recording.seen(name, withinMs),
    forget: () => recording.forget(),
    refuse: () => gate.refuse(),
    hang: () => moods.hang(),
    drop,
    dropAt: (name, times = 1) => moods.cut(name, times),
    fail: (name, failure) => moods.fail(name, failure),
    poseAsMember: () => pose(false),
    refuseRetryableWrites: () => pose(true),
    behave: async () => {
      // Who has given up is known once the event loop has been round: only then is it clear who still waits.
      for (const _turn of ['this', 'a whole one']) await setImmediate();
      moods.behave();
      for (const line of lines) line.release();
      await gate.letIn();
    },
    stop: () => gate.stop(),
  };
}
