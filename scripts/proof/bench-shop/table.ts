import { tableLines } from '../../shared/table.ts';
import type { PageFigures } from './measure.ts';

const HEAD = ['page', 'MemoryStore', 'p99', 'MongoDBStore', 'p99', 'ratio', 'Mongo commands a page'];

/** The figures as a table, a line a page. */
export function renderPages(figures: readonly PageFigures[]): string {
  return tableLines([HEAD, ...figures.map(cells)], { gap: '   ', isRight: isNumber }).join('\n');
}

const isNumber = (column: number) => column > 0 && column < HEAD.length - 1;

function cells({ name, load, commands, tooMany }: PageFigures): string[] {
  const cost = `${commands.join(', ') || 'none'}${tooMany ? '   TOO MANY' : ''}`;
  if (!load) return [name, '', '', '', '', '', cost];
  const { memory, mongodb, ratio } = load;
  const speeds = [memory, mongodb].flatMap(({ perSecond, p99 }) => [
    `${Math.round(perSecond)}/s`,
    `${Math.round(p99)} ms`,
  ]);
  const failed = memory.failed + mongodb.failed;
  return [name, ...speeds, `${ratio.toFixed(2)}x`, `${cost}${failed ? `   ${failed} FAILED` : ''}`];
}

/** Whether every page was served, and none cost more than it may. */
export function isSound(figures: readonly PageFigures[]): boolean {
  return figures.every(
    ({ tooMany, load }) => !tooMany && (!load || load.memory.failed + load.mongodb.failed === 0),
  );
}
