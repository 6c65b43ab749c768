import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stop } from 'esbuild';
import { dismissSupervisor } from '../../processes/supervisor.ts';
import { ROOT } from '../../shared/paths.ts';

/** How long a process that was sent a signal may take to end, in milliseconds. */
const END_LIMIT_MS = 10_000;
const POLL_MS = 100;

/** A variable of every process that is started from here on, and of those that they start. */
const MARK = 'WORKSHOP_STARTED_BY';

/** Marks all processes that this one starts from here on. */
export function markProcesses(): void {
  process.env[MARK] = String(process.pid);
}

/**
 * Finds what is left of answers after their judge has closed: processes, open ports, copies. Call markProcesses first.
 * @param limitMs how long leftovers may take to end, in milliseconds
 * @returns a list as text; undefined when nothing is left
 */
export async function findLeaks({ root = ROOT, limitMs = END_LIMIT_MS } = {}): Promise<string | undefined> {
  // The compiler and the supervisor run as long as this process does.
  await Promise.all([stop(), dismissSupervisor()]);
  const limit = performance.now() + limitMs;
  for (;;) {
    const leaks = [...processes(), ...handles(), ...copies(root)];
    if (leaks.length === 0) return undefined;
    if (performance.now() > limit) return leaks.join(', ');
    await delay(POLL_MS);
  }
}

/** Marked processes that run. Only Linux lets us read the environment of each; elsewhere only handles() is used. */
function processes(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environment(name).includes(`${MARK}=${process.pid}`))
    .map((pid) => `process ${pid}`);
}

function environment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // Another user's, or it has ended just now.
    return [];
  }
}

/** This process's children, and ports that it listens on: of an engine, a tap, a balancer. */
function handles(): string[] {
  const left = process.getActiveResourcesInfo();
  return left.filter((name) => name === 'ProcessWrap' || name === 'TCPServerWrap');
}

/** Copies of answers that this process graded. */
function copies(root: string): string[] {
  const graded = join(root, '.workshop', 'graded');
  if (!existsSync(graded)) return [];
  return readdirSync(graded).filter((name) => name.startsWith(`${process.pid}-`));
}
