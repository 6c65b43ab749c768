import type { Row } from '../shared/figures-table.ts';
import type { Lab } from './lab.ts';
import { expireInMemory, expireInMongo, fillUntilDeath, grow, type MemoryPlan } from './memory-parts.ts';
import { startServers, storesOn } from './servers.ts';

export const memory: Lab<MemoryPlan> = {
  name: 'memory',
  claim:
    'MemoryStore grows with every session, expired ones too, until the process dies; MongoDBStore does not grow.',
  columns: [
    { key: 'store', title: 'store' },
    { key: 'state', title: 'the sessions' },
    { key: 'sessions', title: 'put in' },
    { key: 'kept', title: 'kept' },
    { key: 'heapMb', title: 'heap MB', digits: 1 },
    { key: 'rssMb', title: 'RSS MB', digits: 1 },
    { key: 'bytesEach', title: 'heap B each' },
  ],
  charts: [
    {
      title: 'Heap of the shop’s process, by how many sessions live',
      type: 'line',
      x: 'sessions',
      y: 'heapMb',
      xTitle: 'sessions',
      yTitle: 'heap in MB',
      series: 'store',
      only: { state: 'alive' },
    },
  ],
  full: { counts: [1000, 10_000, 50_000, 100_000, 200_000], expired: 50_000, heapMb: 512, step: 10_000 },
  quick: { counts: [1000, 3000, 6000], expired: 3000, heapMb: 24, step: 2000 },

  async *run(context, plan) {
    const servers = await startServers(context);
    const [inMemory, inMongo] = storesOn(servers);
    const rows: Row[] = [];
    for (const part of [
      grow(context, inMemory, plan, 0),
      grow(context, inMongo, plan, 1),
      expireInMemory(context, inMemory, plan),
      expireInMongo(context, inMongo, plan, servers),
      fillUntilDeath(context, inMemory, plan),
    ]) {
      for await (const row of part) {
        rows.push(row);
        yield rows;
      }
    }
  },
};
