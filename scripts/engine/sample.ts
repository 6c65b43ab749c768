import { CommandError } from './errors.ts';
import { type Held, handOut, type Item, type Items } from './item.ts';
import { toNumber } from './numbers.ts';
import { isDoc, isNumeric, type Value } from './values.ts';

/** Compiles `$sample` (MongoDB manual): random documents, each at most once. */
export function compileSample(arg: Value): (items: Items, held: Held) => Items {
  if (!isDoc(arg)) throw new CommandError(28745, 'the $sample stage specification must be an object');
  const unknown = [...arg.keys()].find((name) => name !== 'size');
  if (unknown !== undefined) throw new CommandError(28748, `unrecognized option to $sample: ${unknown}`);
  const size = arg.get('size');
  if (size === undefined) throw new CommandError(28749, '$sample stage must specify a size');
  if (!isNumeric(size)) throw new CommandError(28746, 'size argument to $sample must be a number');
  if (!(toNumber(size) >= 0)) throw new CommandError(28747, 'size argument to $sample must not be negative');
  return (items, held) => chosen(items, Math.trunc(toNumber(size)), held);
}

/** Each of the remaining documents is equally likely to be next: Fisher and Yates's shuffle, for the first `size` of them. */
function* chosen(items: Items, size: number, held: Held): Items {
  const all: Item[] = [];
  for (const item of items) {
    if (item !== undefined) all.push(item.kept);
    yield;
  }
  const taken: Item[] = [];
  while (all.length > 0 && taken.length < size) {
    const at = Math.floor(Math.random() * all.length);
    taken.push(all[at] as Item);
    all[at] = all.at(-1) as Item;
    all.pop();
    yield;
  }
  yield* handOut(taken, held);
}
