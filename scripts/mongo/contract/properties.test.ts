import fc from 'fast-check';
import { BSON, type Collection, type Document, type Int32 } from 'mongodb';
import { expect, test } from 'vitest';
import { change, conditionOn, documents, path } from './arbitraries.ts';
import { onEngine } from './engine.ts';
import { type Condition, changed, order, type PlainDoc, satisfies, sortKey } from './model.ts';

// fast-check leaves an example running when its time is up, so no second engine is compared, and each test uses its own collection.
// The results are compared with the model.
const engine = onEngine({ promoteValues: false, promoteLongs: false }, { alone: true });
/** fast-check prints the seed and the smallest example of a failure. A slow machine runs fewer examples instead of longer. */
const RUNS = { numRuns: 250, interruptAfterTimeLimit: 4000 };

type Things = Collection<{ _id: Int32 }>;
const ownThings = (): Things => engine.db.collection('things');
/** With the types of numbers and the order of fields, so that 1 and 1.0 are two texts. */
const text = (value: unknown) => BSON.EJSON.stringify(value, { relaxed: false });

async function store(things: Things, docs: readonly PlainDoc[]): Promise<void> {
  await things.deleteMany({});
  if (docs.length > 0) await things.insertMany(docs as unknown as { _id: Int32 }[]);
}

const filterOf = (conditions: readonly Condition[], joined: '$and' | '$or'): Document =>
  conditions.length === 0
    ? {}
    : { [joined]: conditions.map(({ path: at, operator, operand }) => ({ [at]: { [operator]: operand } })) };

const query = documents.chain((docs) =>
  fc.record({
    docs: fc.constant(docs),
    conditions: fc.array(conditionOn(docs), { maxLength: 2 }),
    joined: fc.constantFrom('$and' as const, '$or' as const),
    by: path,
    direction: fc.constantFrom(1 as const, -1 as const),
    skip: fc.nat(3),
    limit: fc.nat(4),
  }),
);
const updating = documents.chain((docs) =>
  fc.record({ docs: fc.constant(docs), one: conditionOn(docs), update: change }),
);

test('finds agree with the model: filter, sort, skip, limit', async () => {
  const things = ownThings();
  const property = fc.asyncProperty(
    query,
    async ({ docs, conditions, joined, by, direction, skip, limit }) => {
      await store(things, docs);
      const filter = filterOf(conditions, joined);
      const found = await things
        .find(filter)
        .sort({ [by]: direction, _id: 1 })
        .skip(skip)
        .limit(limit)
        .toArray();
      const matched = docs.filter((doc) => {
        if (conditions.length === 0) return true;
        const holds = (one: Condition) => satisfies(doc, one);
        return joined === '$and' ? conditions.every(holds) : conditions.some(holds);
      });
      // JavaScript's sort is stable, so equal ones stay in the order of their _id.
      matched.sort((a, b) => order(sortKey(a, by, direction), sortKey(b, by, direction)) * direction);
      // A limit of 0 is no limit.
      const page = matched.slice(skip, limit === 0 ? undefined : skip + limit);
      expect(text(found)).toBe(text(page));
      expect(Number(await things.countDocuments(filter))).toBe(matched.length);
    },
  );
  await fc.assert(property, RUNS);
});

test('updates agree with the model: what is stored, what is counted, which error', async () => {
  const { db } = engine;
  const things = ownThings();
  const property = fc.asyncProperty(updating, async ({ docs, one, update }) => {
    await store(things, docs);
    const u = { [update.operator]: { [update.path]: update.operand } };
    const reply = await db.command({ update: 'things', updates: [{ q: filterOf([one], '$and'), u }] });
    const target = docs.findIndex((doc) => satisfies(doc, one));
    const next = target < 0 ? undefined : changed(docs[target] as PlainDoc, update);
    const expected = docs.map((doc, i) => (i === target && typeof next === 'object' ? next : doc));
    const errors = (reply.writeErrors ?? []).map(({ code }: Document) => Number(code));
    expect(errors).toEqual(typeof next === 'number' ? [next] : []);
    expect(text(await things.find().sort({ _id: 1 }).toArray())).toBe(text(expected));
    const differs = typeof next === 'object' && text(next) !== text(docs[target]);
    expect([Number(reply.n), Number(reply.nModified)]).toEqual([
      typeof next === 'object' ? 1 : 0,
      Number(differs),
    ]);
  });
  await fc.assert(property, RUNS);
});

test('reads never change a stored byte', async () => {
  const things = ownThings();
  const stored = async () =>
    Buffer.concat((await things.find({}, { raw: true }).toArray()) as unknown as Buffer[]);
  const property = fc.asyncProperty(query, async ({ docs, conditions, joined, by, direction }) => {
    await store(things, docs);
    const before = await stored();
    expect(before.equals(Buffer.concat(docs.map((doc) => BSON.serialize(doc))))).toBe(true);
    const filter = filterOf(conditions, joined);
    for (const shown of [0, 1]) {
      await things
        .find(filter, { projection: { [by]: shown } })
        .sort({ [by]: direction })
        .toArray();
    }
    await things.aggregate([{ $match: filter }, { $sort: { [by]: direction } }]).toArray();
    await things.distinct(by, filter);
    expect(before.equals(await stored())).toBe(true);
  });
  await fc.assert(property, RUNS);
});
