import type { FailureDetails } from '#grader/check/check.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Environment } from '#shop/config.ts';
import { startEmbedded } from '../../scripts/engine/server.ts';
import { type DnsRecord, type DnsStandIn, startDnsStandIn } from '../../scripts/mongo/dns-stand-in.ts';
import { startTap, type Tap, type TappedCommand } from '../../scripts/mongo/tap.ts';

/** A shop that should have opened. */
export interface Opened {
  readonly shop: RunningShop;
  /** The only DNS that it can ask. */
  readonly dns: DnsStandIn;
  /** Why it did not open, in words; undefined when it did. */
  readonly refusal: string | undefined;
  /** Where the answer refused to open; empty when its error names no line of it. */
  readonly thrown: Pick<FailureDetails, 'at'>;
}

/** A shop that should have connected to a database. */
export interface Connected extends Opened {
  /** The store's first command there, an index on its collection; undefined when it did not come. */
  readonly index: TappedCommand | undefined;
  /** What happened, in words. */
  readonly got: string;
}

/** A DNS server for the check: no shop asks the machine's DNS about made-up names. */
export async function standInDns(stage: Stage, records: readonly DnsRecord[] = []): Promise<DnsStandIn> {
  const dns = await startDnsStandIn(records);
  stage.afterwards(() => dns.stop());
  return dns;
}

/** Opens the answer's shop with these variables and no others, in a process of its own. */
export async function open(
  stage: Stage,
  env: Environment,
  records: readonly DnsRecord[] = [],
): Promise<Opened> {
  const dns = await standInDns(stage, records);
  const shop = stage.otherShop({}, { env, dns: dns.address });
  const down = await shop.refusalToOpen();
  // These variables are valid, so the process did not end to refuse them.
  if (down?.kind === 'ended') throw shop.notOpened(down);
  return {
    shop,
    dns,
    refusal: down && `the shop did not open: ${down.message}`,
    thrown: down ? shop.thrownAt(down) : {},
  };
}

/** Opens the answer's shop with these variables, and waits until its store has reached the database, or prints that it cannot. */
export async function connect(
  stage: Stage,
  env: Environment,
  tap: Tap,
  records: readonly DnsRecord[] = [],
): Promise<Connected> {
  const opened = await open(stage, env, records);
  const { shop, refusal } = opened;
  if (refusal) return { ...opened, index: undefined, got: refusal };
  const limit = shop.timeLimits.responseMs;
  const failure = /The session store says: .*/;
  const index = await Promise.race([
    tap.seen('createIndexes', limit).catch(() => undefined),
    shop.says(failure, { after: 0, withinMs: limit }).then(() => undefined),
  ]);
  if (index) return { ...opened, index, got: `an index on ${place(index)}` };
  const [said] = (await shop.close()).match(failure) ?? [];
  if (!said) shop.timeLimits.shorten();
  return { ...opened, index, got: said ?? `the database heard nothing of the shop within ${limit / 1000} s` };
}

/** A separate database with one user, on the embedded engine. @returns a tap in front of it */
export async function databaseWith(stage: Stage, user: string, password: string): Promise<Tap> {
  const engine = await startEmbedded({ users: { [user]: password } });
  const tap = await startTap(engine.uri);
  stage.afterwards(async () => {
    await tap.stop();
    await engine.stop();
  });
  return tap;
}

/** 'shop.sessions': the collection of a command. */
export function place({ db, collection }: TappedCommand): string {
  return `${db}.${collection}`;
}

/** The values of the option appName in the greetings of drivers. */
export function appNames(tap: Tap): string[] {
  const names = greetings(tap).map(({ body }) => body.client?.application?.name);
  return [...new Set(names)].filter((name) => typeof name === 'string');
}

/**
 * The databases in which a user is searched for with a connection string. No server knows the user: where it is looked for is enough.
 * @param login 'USER:PASSWORD', encoded
 * @param end what follows the slash behind the host
 */
export async function searchedFor(
  stage: Stage,
  login: string,
  sessionSecret: string,
  end: string,
): Promise<string[]> {
  const tap = await databaseWith(stage, 'nobody', sessionSecret);
  const uri = `mongodb://${login}@${new URL(tap.uri).host}/${end}`;
  await connect(stage, { MONGODB_URI: uri, SESSION_SECRET: sessionSecret }, tap);
  return loginsAt(tap);
}

/** The databases that drivers searched for their user, by name: the option authSource. */
export function loginsAt(tap: Tap): string[] {
  const names = [
    ...greetings(tap).map(({ body }) => body.speculativeAuthenticate?.db),
    ...tap.commands('saslStart').map(({ db }) => db),
  ];
  return [...new Set(names)].filter((name) => typeof name === 'string').sort();
}

/** 'SRV _mongodb._tcp.…, TXT …': the DNS questions of a shop. */
export function askedOf({ questions }: DnsStandIn): string {
  return [...new Set(questions.map(({ type, name }) => `${type} ${name}`))].join(', ') || 'nothing';
}

function greetings(tap: Tap): TappedCommand[] {
  return ['hello', 'isMaster', 'ismaster'].flatMap((name) => tap.commands(name));
}
