import { redactor } from '../shared/connection-string.ts';
import { clientOptions, greet } from './deployment.ts';
import { type Finding, fault } from './finding.ts';
import { examineForm } from './form.ts';
import { logIn } from './login.ts';
import { type Names, systemNames } from './names.ts';
import { reach } from './reach.ts';
import { findSeed, optionOf } from './seed.ts';
import { examineSessions } from './sessions.ts';
import { examineTls } from './tls.ts';
import { examineWrites } from './writes.ts';

/**
 * Examines a connection string layer by layer, from its form to the sessions behind it, and stops at the first layer that lets
 * nothing through: what lies behind it cannot be seen. Nothing in the database is changed, and no finding holds a password.
 */
export async function diagnose(uri: string, names: Names = systemNames()): Promise<Finding[]> {
  const found: Finding[] = [];
  try {
    for await (const findings of layers(uri, names)) found.push(...findings);
  } catch (error) {
    // A connection can break at any moment, and an error must not get out with the string in it.
    found.push(fault('hello', 'connection', `the driver says: ${redactor(uri)((error as Error).message)}`));
  }
  // What a later layer knows better replaces what an earlier one suspected.
  return found.filter(
    ({ id, verdict }, i) =>
      verdict === 'good' || !found.some((other, j) => j > i && other.id === id && other.verdict === 'fault'),
  );
}

async function* layers(uri: string, names: Names): AsyncGenerator<Finding[]> {
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

  const options = clientOptions(names);
  const hello = await greet(seed, server, redact, options);
  yield hello.findings;
  if (!hello.next) return;

  const login = await logIn(seed, parts, hello.next, redact, options);
  yield login.findings;
  if (!login.next) return;
  const client = login.next;
  try {
    const writes = await examineWrites(client, parts.database !== '', hello.next, redact);
    yield writes.findings;
    if (writes.next) yield await examineSessions(client);
  } finally {
    await client.close();
  }
}
