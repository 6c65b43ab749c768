import { expect, it } from 'vitest';
import { startMongo } from '../../mongo/index.ts';
import { countCommands } from './commands.ts';
import type { PageFigures } from './measure.ts';
import { costsTooMuch, PAGES } from './pages.ts';
import { isSound, renderPages } from './table.ts';

const load = (failed: number) => ({
  memory: { perSecond: 812.4, p99: 30, failed: 0 },
  mongodb: { perSecond: 401, p99: 61, failed },
  ratio: 2.026,
});
const figures: PageFigures[] = [
  { name: 'look', commands: [], tooMany: false, load: load(0) },
  { name: 'file', commands: ['find'], tooMany: true },
];

it('asks for each page no more of MongoDB than it may: nothing, a find, or a find and an update', {
  timeout: 60_000,
}, async () => {
  const mongo = await startMongo();
  const counted = await countCommands(mongo.uri);
  await mongo.stop();
  expect(Object.fromEntries([...counted].map(([{ name }, commands]) => [name, commands]))).toEqual({
    look: [],
    'static file': [],
    'add to cart': ['find', 'update'],
    'logged-in page': ['find'],
  });
  expect([...counted].filter(([page, commands]) => costsTooMuch(page, commands))).toEqual([]);
});

it('notices a command that a page should not cost, and one that comes twice', () => {
  const page = PAGES.find(({ name }) => name === 'logged-in page');
  const costs = [[], ['find'], ['find', 'find'], ['update']].map(
    (commands) => page && costsTooMuch(page, commands),
  );
  expect(costs).toEqual([false, false, true, true]);
});

it('shows a line a page, and says what cost too much or was not served', () => {
  expect(renderPages(figures).split('\n')).toEqual([
    'page   MemoryStore     p99   MongoDBStore     p99   ratio   Mongo commands a page',
    'look         812/s   30 ms          401/s   61 ms   2.03x   none',
    'file                                                        find   TOO MANY',
  ]);
  expect(renderPages([{ name: 'look', commands: [], tooMany: false, load: load(3) }])).toContain(
    'none   3 FAILED',
  );
});

it('is sound only when every page was served and none cost too much', () => {
  const [good, costly] = figures as [PageFigures, PageFigures];
  expect([[good], [costly], [{ ...good, load: load(1) }]].map(isSound)).toEqual([true, false, false]);
});
