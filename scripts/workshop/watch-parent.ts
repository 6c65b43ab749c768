import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * Ends this process soon after its parent has gone, even while its own event loop is stuck in an endless loop
 * and cannot hear the closed channel. A thread of its own looks once a second.
 * @returns when it has begun to: from then on the event loop may be stuck
 */
export async function watchParent(): Promise<void> {
  const source = `
    const { workerData: parent } = require('node:worker_threads');
    setInterval(() => {
      try { process.kill(parent, 0); } catch (error) { if (error.code === 'ESRCH') process.kill(process.pid, 'SIGKILL'); }
    }, 1000);`;
  const watch = new Worker(source, { eval: true, workerData: process.ppid, execArgv: [] });
  await once(watch, 'online');
  // Not before: a process with nothing else to wait for would end while it waits for this.
  watch.unref();
}
