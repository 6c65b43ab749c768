import { describe, expect, it } from 'vitest';
import { refusal } from './allowed.ts';

const OUT = { aggregate: 'sessions', pipeline: [{ $match: {} }, { $out: 'copy' }] };
const MERGE = { aggregate: 'sessions', pipeline: [{ $merge: { into: 'copy' } }] };

describe('what Compass may do', () => {
  it.each([
    { find: 'sessions' },
    { getMore: 1, collection: 'sessions' },
    { aggregate: 'sessions', pipeline: [{ $match: { session: 1 } }, { $count: 'n' }] },
    { explain: { find: 'sessions' } },
    { listIndexes: 'sessions' },
  ])('%j, whatever the database', (command) => {
    expect(refusal(command, false)).toBeUndefined();
    expect(refusal(command, true)).toBeUndefined();
  });

  it.each([
    { insert: 'sessions' },
    { update: 'sessions' },
    { delete: 'sessions' },
    { findAndModify: 'sessions' },
  ])('%j, where it may write', (command) => {
    expect(refusal(command, true)).toBeUndefined();
    expect(refusal(command, false)).toContain('only reads the database of your MONGODB_URI');
  });

  it.each([
    { drop: 'sessions' },
    { dropDatabase: 1 },
    { createIndexes: 'sessions' },
    { dropIndexes: 'sessions' },
    { renameCollection: 'shop.sessions' },
    { createUser: 'x' },
    { shutdown: 1 },
    { eval: 'x' },
    { mapReduce: 'sessions', out: 'copy' },
    { bulkWrite: 1 },
    { Find: 'sessions' },
    {},
  ])('never %j', (command) => {
    expect(refusal(command, true)).toContain('is refused');
  });

  it.each([
    OUT,
    MERGE,
    { explain: OUT },
    { explain: MERGE },
    { ...OUT, explain: {} },
    { ...MERGE, explain: true },
    { explain: { explain: OUT } },
    { aggregate: 'sessions', pipeline: [{ $lookup: { from: 'a', as: 'b', pipeline: OUT.pipeline } }] },
    { aggregate: 'sessions', pipeline: [{ $unionWith: { coll: 'a', pipeline: OUT.pipeline } }] },
    { aggregate: 'sessions', pipeline: [{ $facet: { a: OUT.pipeline } }] },
  ])('never %j, which writes', (command) => {
    expect(refusal(command, true)).toContain('lets no aggregation write');
  });
});
