import { CommandError } from './errors.ts';

/** Fields of a DBRef: allowed in a path despite their dollar. */
export const REFERENCE = ['$id', '$ref', '$db'];

/** The parts of a path that an expression, a sort or a stage names. @throws {CommandError} 40352, 40353, 15998, 16410 for an invalid path */
export function fieldPath(path: string): string[] {
  const parts = path.split('.');
  if (path === '') throw new CommandError(40352, 'FieldPath cannot be constructed with empty string');
  if (parts.at(-1) === '') throw new CommandError(40353, "FieldPath must not end with a '.'.");
  if (parts.includes('')) throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
  if (parts.some((part) => part.startsWith('$') && !REFERENCE.includes(part)))
    throw new CommandError(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    );
  return parts;
}
