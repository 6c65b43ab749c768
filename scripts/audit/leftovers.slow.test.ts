import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { removeSync } from '../setup/files.mjs';
import { ROOT } from '../shared/paths.ts';
import { copyApp } from './app/copy.ts';
import { fixture } from './fixtures/audited.ts';

// Commands are compiled, and an app and its databases are started. In milliseconds, long for a busy machine.
const WAIT = { timeout: 60_000, interval: 100 };

interface Started {
  readonly audit: ChildProcess;
  /** The IDs of the app's process and of the process that it forked. */
  readonly pids: readonly number[];
  readonly port: number;
  /** The temporary folder of this audit. */
  readonly temporary: string;
}

/** A running audit, whose app has started. */
async function auditOfStubbornApp(): Promise<Started> {
  const place = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  const temporary = join(place, 'tmp');
  mkdirSync(temporary);
  const told = join(place, 'pids.json');
  const args = [
    'scripts/launch.mjs',
    'audit',
    fixture('stubborn'),
    '--env',
    `PIDS=${told}`,
    '--budget',
    '600',
  ];
  const audit = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    stdio: 'ignore',
  });
  onTestFinished(() => {
    audit.kill('SIGKILL');
    removeSync(place);
  });
  await vi.waitFor(() => expect(existsSync(told)).toBe(true), { timeout: 120_000, interval: 100 });
  const { pids, port } = await vi.waitFor(() => JSON.parse(readFileSync(told, 'utf8')), WAIT);
  return { audit, pids, port, temporary };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

// Windows has no such signals: there Ctrl+C reaches every process of the console.
it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'after %s no process, no port and no file of an audit remains, whatever its app does with signals',
  async (signal) => {
    const { audit, pids, port, temporary } = await auditOfStubbornApp();
    expect([pids.every(isAlive), await isOpen(port)]).toEqual([true, true]);
    audit.kill(signal);
    const [code] = await once(audit, 'exit');
    expect(code).toBe(130);
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), WAIT);
    expect(await isOpen(port)).toBe(false);
    expect(readdirSync(temporary).filter((name) => name.startsWith('workshop-audit-'))).toEqual([]);
  },
);

it('killed at once, it leaves no process, and its copy of the app to the next audit, which removes it', async () => {
  const { audit, pids, port, temporary } = await auditOfStubbornApp();
  audit.kill('SIGKILL');
  await once(audit, 'exit');
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), WAIT);
  expect(await isOpen(port)).toBe(false);
  const copies = () => readdirSync(temporary).filter((name) => name.startsWith('workshop-audit-'));
  const [left] = copies();
  expect(left).toBeDefined();
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const copy = copyApp(fixture('memory'));
  expect(copies()).toHaveLength(1);
  expect(copies()).not.toContain(left);
  copy.remove();
  expect(copies()).toEqual([]);
});
