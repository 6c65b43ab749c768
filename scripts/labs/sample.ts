import type { Result } from './measure.ts';
import { race } from './race.ts';

/** A result of the race lab, for tests. One cell contains HTML. */
export const sampleCharts = race.charts;

export const sampleResult: Result = {
  schema: 1,
  lab: 'race',
  claim: race.claim,
  size: 'full',
  complete: true,
  measuredAt: '2026-11-23T12:00:00.000Z',
  machine: { processor: 'A processor', cores: 2, memoryGb: 8, system: 'Linux 6', node: 'v20.19.0' },
  servers: ['embedded 7.0.14'],
  versions: { express: '5.3.0' },
  columns: race.columns,
  rows: [
    ['at once, next door', 0, 10],
    ['at once, next door', 50, 40],
    ['after </script><script>alert(1)</script>', 0, 0],
    ['after </script><script>alert(1)</script>', 50, 0],
  ].map(([way = '', writeMs = 0, wrong = 0]) => ({
    redirect: String(way).split(',')[0] ?? '',
    shopper: 'next door',
    writeMs,
    tries: 40,
    wrong,
    wrongPercent: Number(wrong) * 2.5,
    way,
  })),
  notes: ['A note & more.'],
};
