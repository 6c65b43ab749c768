import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { tinyWorkshop } from '../../course/fixtures/test-support.ts';
import { supervise } from '../../processes/supervisor.ts';
import { findLeaks, markProcesses } from './leaks.ts';

it('finds a supervised process, a port and a copy that were left, and waits for what is on its way out', async () => {
  const tiny = tinyWorkshop();
  markProcesses();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
    detached: process.platform !== 'win32',
  });
  supervise(child);
  const server = createServer().listen(0, '127.0.0.1');
  await Promise.all([once(child, 'spawn'), once(server, 'listening')]);
  tiny.write(`.workshop/graded/${process.pid}-1/app.ts`, '');

  const left = (await findLeaks({ root: tiny.root, limitMs: 0 })) ?? '';
  expect(left).toContain('TCPServerWrap');
  expect(left).toContain(process.platform === 'linux' ? `process ${child.pid}` : 'ProcessWrap');
  expect(left).toContain(`${process.pid}-1`);

  tiny.delete('.workshop/graded');
  child.kill('SIGKILL');
  server.close();
  await once(child, 'close');
  expect(await findLeaks({ root: tiny.root })).toBeUndefined();
});
