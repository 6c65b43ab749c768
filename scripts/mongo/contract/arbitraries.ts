import fc from 'fast-check';
import { Double, Int32, Long, ObjectId } from 'mongodb';
import { type Change, type Condition, isPlainDoc, type Plain, type PlainDoc } from './model.ts';

// Few names and few values, so that random filters often match and random updates often meet something.

const NAMES = ['a', 'b', 'c'];
const name = fc.constantFrom(...NAMES);
const number = fc.oneof(
  fc.integer({ min: -2, max: 2 }).map((n) => new Int32(n)),
  fc.constantFrom(-0, 0.5, 1, 2).map((n) => new Double(n)),
  // The last two are one number as doubles.
  fc.constantFrom('-1', '1', '9007199254740992', '9007199254740993').map((n) => Long.fromString(n)),
  fc.constant(new Int32(2_147_483_647)),
);
const scalar: fc.Arbitrary<Plain> = fc.oneof(
  { arbitrary: number, weight: 4 },
  fc.constantFrom('', 'a', 'B', 'é', '\uffff', '\u{1f600}'),
  fc.boolean(),
  fc.constantFrom(new Date(0), new Date(-1)),
  fc.constantFrom(new ObjectId('0'.repeat(24)), new ObjectId('f'.repeat(24))),
);

/** Any value, null, arrays and documents included. */
export const { value } = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'value' },
    scalar,
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'value' }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true, depthIdentifier: 'value' }),
  ),
}));

const fields = fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true });

/** Up to eight documents with `_id` 0, 1, 2 and so on. */
export const documents: fc.Arbitrary<PlainDoc[]> = fc
  .array(fields, { maxLength: 8 })
  .map((all) => all.map((one, i) => ({ _id: new Int32(i), ...one })));

export const path = fc.oneof(
  name,
  fc.tuple(name, name).map((names) => names.join('.')),
);

/** A condition on one of the documents: often on a value that one has, so that it matches. */
export function conditionOn(docs: readonly PlainDoc[]): fc.Arbitrary<Condition> {
  const known = docs.flatMap((doc) => placesIn(doc, []));
  const kinds = [
    fc.record({ path, operator: fc.constant('$eq' as const), operand: value.filter((one) => one !== null) }),
    fc.record({ path, operator: fc.constantFrom('$ne', '$gt', '$lt'), operand: scalar }),
    fc.record({ path, operator: fc.constant('$in' as const), operand: fc.array(scalar, { maxLength: 3 }) }),
    // Below arrays mongod has rules of its own for null.
    fc.record({ path: name, operator: fc.constant('$eq' as const), operand: fc.constant(null) }),
  ];
  if (known.length === 0) return fc.oneof(...kinds);
  const same = fc
    .constantFrom(...known)
    .map(([at, operand]): Condition => ({ path: at, operator: '$eq', operand }));
  return fc.oneof({ arbitrary: same, weight: 4 }, ...kinds);
}

/** The values in a document with their paths of one or two names; arrays are themselves and their elements. */
function placesIn(found: Plain, at: readonly string[]): [string, Plain][] {
  if (Array.isArray(found))
    return [place(at, found), ...found.flatMap((one) => (one === null ? [] : placesIn(one, at)))];
  if (!isPlainDoc(found)) return at.length === 0 || found === null ? [] : [place(at, found)];
  const inside = Object.entries(found).filter(([field]) => NAMES.includes(field));
  const below = at.length < 2 ? inside.flatMap(([field, one]) => placesIn(one, [...at, field])) : [];
  return at.length === 0 ? below : [place(at, found), ...below];
}

const place = (at: readonly string[], found: Plain): [string, Plain] => [at.join('.'), found];

export const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ path, operator: fc.constant('$set' as const), operand: value }),
  fc.record({ path, operator: fc.constant('$inc' as const), operand: number }),
  fc.record({ path, operator: fc.constant('$unset' as const), operand: fc.constant('') }),
);
