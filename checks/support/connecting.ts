import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Environment } from '#shop/config.ts';
import { startEmbedded } from '../../scripts/engine/server.ts';
import { type DnsRecord, type DnsStandIn, startDnsStandIn } from '../../scripts/mongo/dns-stand-in.ts';
import { startTap, type Tap, type TappedCommand } from '../../scripts/mongo/tap.ts';

/** A shop that was to open. */
export interface Opened {
  readonly shop: RunningShop;
  /** The only DNS that it can ask. */
  readonly dns: DnsStandIn;
  /** Why it did not, in words; undefined when it did. */
  readonly refusal: string | undefined;
}

/** What came of a shop that was to connect to a database. */
export interface Connected extends Opened {
  /** The store's first command there, an index on its collection; undefined when it never came. */
  readonly index: TappedCommand | undefined;
  /** What happened instead, in words. */
  readonly got: string;
}

/** A DNS server for the check: no shop asks the machine's about made-up names. */
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
  // These variables are sound: whatever ended the process, it was no refusal of them.
  if (down?.kind === 'ended') throw shop.notOpened(down);
  return { shop, dns, refusal: down && `the shop did not open: ${down.message}` };
}

/** Opens the answer's shop with these variables, and waits until its store has reached the database, or says that it cannot. */
export async function connect(
  stage: Stage,
  env: Environment,
  tap: Tap,
  records: readonly DnsRecord[] = [],
): Promise<Connected> {
  const opened = await open(stage, env, records);
  const { shop, refusal } = opened;
  if (refusal) return { ...opened, index: undefined, got: refusal };
  const limit = shop.patience.limit;
  const failure = /The session store failed to start: .*/;
  const index = await Promise.race([
    tap.seen('createIndexes', limit).catch(() => undefined),
    shop.says(failure, { after: 0, withinMs: limit }).then(() => undefined),
  ]);
  if (index) return { ...opened, index, got: `an index on ${place(index)}` };
  const [said] = (await shop.close()).match(failure) ?? [];
  if (!said) shop.patience.lose();
  return { ...opened, index, got: said ?? `the database heard nothing of the shop within ${limit / 1000} s` };
}

/** A database of its own with one user, whatever engine the check runs on. @returns a tap in front of it */
export async function databaseWith(stage: Stage, user: string, password: string): Promise<Tap> {
  const engine = await startEmbedded({ users: { [user]: password } });
  const tap = await startTap(engine.uri);
  stage.afterwards(async () => {
    await tap.stop();
    await engine.stop();
  });
  return tap;
}

/** 'shop.sessions': where a command went. */
export function place({ db, collection }: TappedCommand): string {
  return `${db}.${collection}`;
}

/** The names that drivers greeted this database with: the option appName. */
export function appNames(tap: Tap): string[] {
  const names = greetings(tap).map(({ body }) => body.client?.application?.name);
  return [...new Set(names)].filter((name) => typeof name === 'string');
}

/** The databases that drivers looked for their user in: the option authSource. */
export function loginsAt(tap: Tap): string[] {
  const names = [
    ...greetings(tap).map(({ body }) => body.speculativeAuthenticate?.db),
    ...tap.commands('saslStart').map(({ db }) => db),
  ];
  return [...new Set(names)].filter((name) => typeof name === 'string');
}

/** 'SRV _mongodb._tcp.…, TXT …': what a shop wanted to know of DNS. */
export function askedOf({ questions }: DnsStandIn): string {
  return [...new Set(questions.map(({ type, name }) => `${type} ${name}`))].join(', ') || 'nothing';
}

function greetings(tap: Tap): TappedCommand[] {
  return ['hello', 'isMaster', 'ismaster'].flatMap((name) => tap.commands(name));
}
