import { decoded, redactor } from '../shared/connection-string.ts';
import { codeOf } from '../shared/error-code.ts';
import { clientOptions, greet } from './deployment.ts';
import { type Finding, fault } from './finding.ts';
import { examineForm } from './form.ts';
import { LIMITS } from './limits.ts';
import { logIn } from './login.ts';
import { identify } from './look-up.ts';
import { type Names, systemNames } from './names.ts';
import { type Reached, reach, reachProxy } from './reach.ts';
import { wordsOf } from './refusal.ts';
import { findSeed, optionOf } from './seed.ts';
import { examineSessions } from './sessions.ts';
import { examineWrites } from './store-trial.ts';
import { examineTls } from './tls.ts';
import { within } from './within.ts';

export interface Options {
  /** Resolves names. Default: the system. */
  readonly names?: Names;
  /** Whether the store's writes are tried. Default: only on a server of this machine. */
  readonly write?: boolean;
  /** Called before something is written. */
  readonly announce?: (words: string) => void;
  /** The limit for the whole examination, in milliseconds. Each single wait is short, but a string can name many servers. */
  readonly giveUpAfterMs?: number;
}

/**
 * Examines a connection string layer by layer, from its form to the sessions behind it. It stops at the first layer that fails,
 * because the next ones cannot be reached. It removes what it writes, and no finding contains a password.
 */
export async function diagnose(uri: string, options: Options = {}): Promise<Finding[]> {
  const { giveUpAfterMs = LIMITS.connection } = options;
  const found: Finding[] = [];
  const collect = async () => {
    for await (const findings of layers(uri, options)) found.push(...findings);
  };
  try {
    await within(giveUpAfterMs, collect());
  } catch (error) {
    // A connection can break at any moment, and the error may contain the string.
    found.push(
      codeOf(error) === 'ETIMEOUT'
        ? fault('silent', 'connection', `given up after ${giveUpAfterMs / 1000} s`)
        : fault(identify(error) ?? 'server-error', 'connection', wordsOf(error, redactor(uri))),
    );
  }
  // A later fault replaces the earlier findings with its ID, except good ones.
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

  // A socket file or a proxy leaves no DNS, TCP or TLS to examine on the way to the server.
  const proxyHost = optionOf(parts, 'proxyHost');
  const [first] = seed.servers;
  if (!first) return;
  let server: Reached = { ...first, address: first.host };
  if (proxyHost !== undefined) {
    const proxy = await reachProxy(decoded(proxyHost), optionOf(parts, 'proxyPort'), names);
    yield proxy.findings;
    if (!proxy.next) return;
  } else if (!parts.hosts.includes('%2F')) {
    const network = await reach(seed, names);
    yield network.findings;
    if (!network.next) return;
    server = network.next;

    const tls = await examineTls(seed, server);
    yield tls.findings;
    if (!tls.next) return;
  }

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
    // Behind a proxy, a loopback address belongs to the proxy's machine.
    const lookOnly = !(write ?? (proxyHost === undefined && isLocal(server.address)));
    const writes = await examineWrites(circumstances, hello.next, { lookOnly, announce });
    yield writes.findings;
    if (writes.next) yield await examineSessions(circumstances);
  } finally {
    await client.close();
  }
}

/** Whether the server is on this machine: a loopback address, or the path of a socket. */
const isLocal = (address: string) => /^127\.|^::1$|^::ffff:127\./.test(address) || address.includes('/');
