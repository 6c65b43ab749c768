import { CommandError } from './errors.ts';
import { toNumber } from './numbers.ts';
import { type Doc, isDoc, isNumeric, type Value } from './values.ts';

/** Compiles `$sample` (MongoDB manual): some documents, each at most once, of pure chance. */
export function compileSample(arg: Value): (docs: readonly Doc[]) => Doc[] {
  if (!isDoc(arg)) throw new CommandError(28745, 'the $sample stage specification must be an object');
  const unknown = [...arg.keys()].find((name) => name !== 'size');
  if (unknown !== undefined) throw new CommandError(28748, `unrecognized option to $sample: ${unknown}`);
  const size = arg.get('size');
  if (size === undefined) throw new CommandError(28749, '$sample stage must specify a size');
  if (!isNumeric(size)) throw new CommandError(28746, 'size argument to $sample must be a number');
  if (!(toNumber(size) >= 0)) throw new CommandError(28747, 'size argument to $sample must not be negative');
  return (docs) => shuffled(docs).slice(0, Math.trunc(toNumber(size)));
}

/** In an order of pure chance: Fisher and Yates's. */
function shuffled(docs: readonly Doc[]): Doc[] {
  const mixed = [...docs];
  for (let last = mixed.length - 1; last > 0; last--) {
    const chosen = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[chosen]] = [mixed[chosen] as Doc, mixed[last] as Doc];
  }
  return mixed;
}
