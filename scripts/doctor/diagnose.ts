import { redactor } from '../shared/connection-string.ts';
import { codeOf } from '../shared/error-code.ts';
import { clientOptions, greet } from './deployment.ts';
import { type Finding, fault } from './finding.ts';
import { examineForm } from './form.ts';
import { logIn } from './login.ts';
import { identify } from './look-up.ts';
import { type Names, systemNames } from './names.ts';
import { reach } from './reach.ts';
import { wordsOf } from './refusal.ts';
import { findSeed, optionOf } from './seed.ts';
import { examineSessions } from './sessions.ts';
import { examineWrites } from './store-trial.ts';
import { examineTls } from './tls.ts';
import { within } from './within.ts';

export interface Options {
  /** Whom to ask for names; the system unless given. */
  readonly names?: Names;
  /** Whether the store's writes are tried. Unless given, on a server of this machine alone. */
  readonly write?: boolean;
  /** Is told before something is written. */
  readonly announce?: (words: string) => void;
  /** After so many milliseconds the rest is given up. */
  readonly giveUpAfterMs?: number;
}

/** All waits together. Each single one is short; a string can name many servers. */
const GIVE_UP_AFTER_MS = 25_000;

/**
 * Examines a connection string layer by layer, from its form to the sessions behind it, and stops at the first layer that lets
 * nothing through: what lies behind it cannot be seen. What it writes it removes, and no finding holds a password.
 */
export async function diagnose(uri: string, options: Options = {}): Promise<Finding[]> {
  const { giveUpAfterMs = GIVE_UP_AFTER_MS } = options;
  const found: Finding[] = [];
  const collect = async () => {
    for await (const findings of layers(uri, options)) found.push(...findings);
  };
  try {
    await within(giveUpAfterMs, collect());
  } catch (error) {
    // A connection can break at any moment, and an error must not get out with the string in it.
    found.push(
      codeOf(error) === 'ETIMEOUT'
        ? fault('silent', 'connection', `given up after ${giveUpAfterMs / 1000} s`)
        : fault(identify(error) ?? 'server-error', 'connection', wordsOf(error, redactor(uri))),
    );
  }
  // What a later layer knows better replaces what an earlier one suspected.
  return found.filter(
    ({ id, verdict }, i) =>
      verdict === 'good' || !found.some((other, j) => j > i && other.id === id && other.verdict === 'fault'),
  );
}

async function* layers(
  uri: string,
  { names = systemNames(), write, announce = () => {} }: Options,
): AsyncGenerator<Finding[]> {
  const form = examineForm(uri);
  yield form.findings;
  if (!form.next) return;
  const parts = form.next;
  const redact = redactor(uri);

  const srv = await findSeed(parts, names);
  yield srv.findings;
  if (!srv.next) return;
  const seed = srv.next;

  // A socket file, or a SOCKS proxy: what lies between here and the server is not ours to look at.
  const indirect = parts.hosts.includes('%2F') || optionOf(parts, 'proxyHost') !== undefined;
  const [first] = seed.servers;
  if (!first) return;
  const network = indirect
    ? { findings: [], next: { ...first, address: first.host } }
    : await reach(seed, names);
  yield network.findings;
  if (!network.next) return;
  const server = network.next;

  const tls = indirect ? { findings: [], next: true } : await examineTls(seed, server);
  yield tls.findings;
  if (!tls.next) return;

  const options = clientOptions(seed.uri, names);
  const hello = await greet(seed, server, redact, options);
  yield hello.findings;
  if (!hello.next) return;

  const login = await logIn(seed, parts, hello.next, redact, options);
  yield login.findings;
  if (!login.next) return;
  const client = login.next;
  try {
    const circumstances = { client, named: parts.database !== '', redact };
    const lookOnly = !(write ?? isLocal(server.address));
    const writes = await examineWrites(circumstances, hello.next, { lookOnly, announce });
    yield writes.findings;
    if (writes.next) yield await examineSessions(circumstances);
  } finally {
    await client.close();
  }
}

/** On this machine: a loopback address, or the path of a socket. */
const isLocal = (address: string) => /^127\.|^::1$|^::ffff:127\./.test(address) || address.includes('/');
