import { CommandError } from './errors.ts';
import { toNumber } from './numbers.ts';
import { aliasOf, type Found, isArray, isNumeric, type Value } from './values.ts';

/** Every alias and number `$type` knows (MongoDB manual, "$type"), also of deprecated types, which no value here has. */
const NUMBERS: Readonly<Record<string, number>> = {
  ...{
    double: 1,
    string: 2,
    object: 3,
    array: 4,
    binData: 5,
    undefined: 6,
    objectId: 7,
    bool: 8,
    date: 9,
    null: 10,
  },
  ...{
    regex: 11,
    dbPointer: 12,
    javascript: 13,
    symbol: 14,
    javascriptWithScope: 15,
    int: 16,
    timestamp: 17,
  },
  ...{ long: 18, decimal: 19, minKey: -1, maxKey: 127 },
};

/** The test of `$type`: one type or a list, by alias or number. @throws {CommandError} 2, 9 or 14 as mongod */
export function typeTest(operand: Value): (value: Found) => boolean {
  const list = isArray(operand) ? operand : [operand];
  if (list.length === 0) throw new CommandError(9, '$type must match at least one type');
  const aliases = new Set(list.flatMap(aliasesOf));
  return (value) => aliases.has(aliasOf(value));
}

function aliasesOf(type: Value): readonly string[] {
  if (type === 'number') return ['double', 'int', 'long', 'decimal'];
  if (typeof type === 'string') {
    if (Object.hasOwn(NUMBERS, type)) return [type];
    throw new CommandError(2, `Unknown type name alias: ${type}`);
  }
  if (!isNumeric(type)) throw new CommandError(14, 'type must be represented as a number or a string');
  const [alias] = Object.entries(NUMBERS).find(([, number]) => number === toNumber(type)) ?? [];
  if (alias !== undefined) return [alias];
  throw new CommandError(2, `Invalid numerical type code: ${toNumber(type)}`);
}
