// Ends what another process has left behind. It reads from that one, a line each, '+PID' of a child that was started and '-PID'
// of one that has ended. When its input closes, the other process is gone. Plain JavaScript, because it starts without a
// compiler. See supervisor.ts.
import { createInterface } from 'node:readline';
import { endTreesNow } from './end-tree.mjs';

const running = new Set();
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) running.add(pid);
  else running.delete(pid);
}
endTreesNow(running);
