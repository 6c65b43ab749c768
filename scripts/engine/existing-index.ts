import type { Document } from 'bson';
import { compare } from './compare.ts';
import { CommandError } from './errors.ts';
import { ID_INDEX } from './id-index.ts';
import type { IndexSpec } from './indexes.ts';
import { type Doc, type Found, isDoc, show } from './values.ts';

/**
 * Whether the collection already has this index. (MongoDB source, IndexCatalogImpl; `unique`, `sparse` and the partial filter distinguish indexes, the time to live does not.)
 * @throws {CommandError} 86 when its name is another index's, 85 when only its name or its time to live differs
 */
export function alreadyThere(existing: readonly IndexSpec[], spec: IndexSpec): boolean {
  const asked = `Requested index: ${show(describeDoc(spec))}`;
  if (spec === ID_INDEX) return true;
  const named = existing.find(({ name }) => name === spec.name);
  if (named !== undefined && !sameIdentity(named, spec)) {
    throw new CommandError(
      86,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${asked}, existing index: ${show(describeDoc(named))}`,
    );
  }
  const same = existing.find((other) => sameIdentity(other, spec));
  if (same === undefined) return false;
  const kept = `existing index: ${show(describeDoc(same))}`;
  const sameTtl = same.expireAfterSeconds === spec.expireAfterSeconds;
  if (same.name === spec.name && sameTtl) return true;
  if (same.name === spec.name) {
    throw new CommandError(
      85,
      `An equivalent index already exists with the same name but different options. ${asked}, ${kept}`,
    );
  }
  if (sameTtl) throw new CommandError(85, `Index already exists with a different name: ${same.name}`);
  throw new CommandError(
    85,
    `An equivalent index already exists with a different name and options. ${asked}, ${kept}`,
  );
}

const sameIdentity = (a: IndexSpec, b: IndexSpec) =>
  compare(a.key, b.key) === 0 &&
  a.unique === b.unique &&
  (a.sparse ?? false) === (b.sparse ?? false) &&
  compare(a.partialFilter, b.partialFilter) === 0;

const describeDoc = (spec: IndexSpec): Doc => new Map(Object.entries(describeIndex(spec)));

/** Whether a command's name or key is that of this index. */
export const isNamed = ({ name, key }: IndexSpec, asked: Found): boolean =>
  isDoc(asked) ? compare(key, asked) === 0 : name === asked;

/** An index as listIndexes shows it. */
export function describeIndex(spec: IndexSpec): Document {
  const { key, name, unique, sparse, hidden, partialFilter, expireAfterSeconds } = spec;
  return {
    v: 2,
    key,
    name,
    ...(unique && name !== ID_INDEX.name ? { unique } : {}),
    ...(sparse ? { sparse } : {}),
    ...(partialFilter === undefined ? {} : { partialFilterExpression: partialFilter }),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
    ...(hidden ? { hidden } : {}),
  };
}
