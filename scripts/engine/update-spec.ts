import { ARRAY_OPERATORS } from './array-operators.ts';
import { type Change, checkUsed, compileChanges } from './changes.ts';
import { CommandError } from './errors.ts';
import { FIELD_OPERATORS } from './field-operators.ts';
import { compileUpdatePipeline } from './pipeline.ts';
import { renamed } from './rename.ts';
import { type ArrayFilters, checkDynamic, compileArrayFilters } from './update-paths.ts';
import { aliasOf, type Doc, type Found, isArray, isDoc, show, type Value } from './values.ts';

/** A compiled update: a whole new document, a pipeline that makes one from the old, or changes to fields. */
export type Update =
  | { readonly kind: 'replace'; readonly document: Doc }
  | { readonly kind: 'pipeline'; readonly run: (doc: Doc) => Doc }
  | {
      readonly kind: 'change';
      /** The changes to one document, in the order of their paths. `inserting`: an upsert makes the document. */
      readonly changesTo: (doc: Doc, inserting: boolean) => readonly Change[];
    };

const OPERATORS = new Map(Object.entries({ ...FIELD_OPERATORS, ...ARRAY_OPERATORS }));

/** What an update depends on beside itself. */
export interface Context {
  /** The filter of its documents: `$` means the element by which it matched. */
  readonly filter?: Doc;
  readonly arrayFilters?: readonly Doc[];
}

/**
 * Compiles an update (MongoDB manual, "Update Operators" and "Updates with Aggregation Pipeline").
 * @throws {CommandError} 9 for an unknown operator or an unused array filter, 40 for two changes of one path, 56, 52, 2 and 14 for bad
 * paths and operands, 72 for a stage that no update may have, 238 for what only the engine refuses
 */
export function compileUpdate(
  update: Found,
  { filter = new Map(), arrayFilters = [] }: Context = {},
): Update {
  const [first] = isDoc(update) ? update.keys() : [];
  if (arrayFilters.length > 0 && !first?.startsWith('$'))
    throw new CommandError(9, 'arrayFilters may only be specified with update operators');
  if (isArray(update)) return { kind: 'pipeline', run: compileUpdatePipeline(update) };
  if (!isDoc(update)) throw new CommandError(9, 'Update argument must be either an object or an array');
  if (!first?.startsWith('$')) return { kind: 'replace', document: update };
  const filters = compileArrayFilters(arrayFilters);
  const changes = [...update].flatMap(([name, fields]) => changesOf(name, fields, filters));
  checkUsed(filters, changes, update);
  return { kind: 'change', changesTo: compileChanges(changes, filter, filters) };
}

function changesOf(name: string, fields: Value, filters: ArrayFilters): Change[] {
  const operator = OPERATORS.get(name);
  if (operator === undefined && name !== '$rename') {
    throw new CommandError(
      9,
      `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!isDoc(fields)) {
    throw new CommandError(
      9,
      `Modifiers operate on fields but we found type ${aliasOf(fields)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${show(fields)}}`,
    );
  }
  const onlyOnInsert = name === '$setOnInsert';
  return [...fields].flatMap(([field, operand]): Change[] => {
    const path = updatePath(field, filters);
    if (operator !== undefined) return [{ path, alter: operator(operand, field), onlyOnInsert }];
    if (typeof operand !== 'string')
      throw new CommandError(2, `The 'to' field for $rename must be a string: ${field}: ${show(operand)}`);
    return renamed(path, updatePath(operand, filters)).map((change) => ({ ...change, onlyOnInsert }));
  });
}

function updatePath(field: string, filters: ArrayFilters): readonly string[] {
  const path = field.split('.');
  if (path.includes('')) {
    throw new CommandError(
      56,
      `The update path '${field}' contains an empty field name, which is not allowed.`,
    );
  }
  checkDynamic(path, field, filters);
  return path;
}
