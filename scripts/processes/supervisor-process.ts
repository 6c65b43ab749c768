// The process that ends what another one has left behind. It reads, a line each, '+PID' of a process to watch over and '-PID' of
// one that has ended, for as long as the other one is there to write. See guard.ts.
import { createInterface } from 'node:readline';
import { endTree } from './end-tree.ts';

const watched = new Set<number>();
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) watched.add(pid);
  else watched.delete(pid);
}
for (const pid of watched) endTree(pid);
