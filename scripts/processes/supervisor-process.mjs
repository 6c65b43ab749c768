// Ends what another process has left behind. It reads lines from that process: '+PID' of a child that was started and '-PID'
// of one that has ended. When its input closes, the other process is gone. Plain JavaScript, so that it starts without a
// compiler. Its argument is the mark of what the other process has started. See supervisor.ts.
import { createInterface } from 'node:readline';
import { endMarkedNow, endTreesNow } from './end-tree.mjs';

const running = new Set();
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) running.add(pid);
  else running.delete(pid);
}
endTreesNow(running);
const [, , mark] = process.argv;
// A process may start another one while it is killed.
if (mark) for (let left = 5; left > 0 && endMarkedNow(mark) > 0; left--);
