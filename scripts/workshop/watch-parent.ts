import { Worker } from 'node:worker_threads';

/**
 * Ends this process soon after its parent has gone, even while its own event loop is stuck in an endless loop
 * and cannot hear the closed channel. A thread of its own looks once a second.
 */
export function watchParent(): void {
  const source = `
    const { workerData: parent } = require('node:worker_threads');
    setInterval(() => {
      try { process.kill(parent, 0); } catch (error) { if (error.code === 'ESRCH') process.kill(process.pid, 'SIGKILL'); }
    }, 1000);`;
  new Worker(source, { eval: true, workerData: process.ppid, execArgv: [] }).unref();
}
