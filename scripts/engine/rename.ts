import { CommandError } from './errors.ts';
import { type Alter, idOf } from './update-operator.ts';
import { isDynamic } from './update-paths.ts';
import { type Doc, type Found, isArray, isDoc } from './values.ts';

/**
 * The two changes of `$rename`: it removes the field, and sets its value at the new name. A document without the field does not change.
 * @throws {CommandError} 2 when one name equals or contains the other, or is dynamic, and for a document where either leads through an array
 */
export function renamed(
  from: readonly string[],
  to: readonly string[],
): readonly { readonly path: readonly string[]; readonly alter: Alter }[] {
  const [source, target] = [from.join('.'), to.join('.')];
  if (isDynamic(from))
    throw new CommandError(2, `The source field for $rename may not be dynamic: ${source}`);
  if (isDynamic(to))
    throw new CommandError(2, `The destination field for $rename may not be dynamic: ${target}`);
  const complaint = `The source and target field for $rename must %: ${source}: "${target}"`;
  if (source === target) throw new CommandError(2, complaint.replace('%', 'differ'));
  if (`${source}.`.startsWith(`${target}.`) || `${target}.`.startsWith(`${source}.`))
    throw new CommandError(2, complaint.replace('%', 'not be on the same path'));
  return [
    { path: from, alter: () => undefined },
    {
      path: to,
      alter: (old, before) => {
        const moved = valueAt(before, from, 'source');
        if (moved === undefined) return old;
        valueAt(before, to, 'destination');
        return moved;
      },
    },
  ];
}

function valueAt(doc: Doc, path: readonly string[], role: string): Found {
  let value: Found = doc;
  for (const [at, part] of path.entries()) {
    if (isArray(value)) {
      throw new CommandError(
        2,
        `The ${role} field cannot be an array element, '${path.join('.')}' in doc with ${idOf(doc).slice(1, -1)} has an array field called '${path[at - 1]}'`,
      );
    }
    value = isDoc(value) ? value.get(part) : undefined;
  }
  return value;
}
