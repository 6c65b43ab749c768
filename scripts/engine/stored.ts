import { BSONRegExp, ObjectId, Timestamp } from 'bson';
import { MAX_DOCUMENT, type Packed, pack } from './codec.ts';
import { CommandError, notSupported } from './errors.ts';
import { aliasOf, type Doc, type Found, isArray, isDoc } from './values.ts';

/** How deep a stored document may nest; mongod keeps 20 of its 200 levels for the commands around it (MongoDB source, BSONDepth). */
const MAX_DEPTH = 180;

/**
 * A new document as it is stored: `_id` first, made when it has none.
 * @throws {CommandError} 53 and 52 for an invalid `_id`, 10334 for more than 16 MiB, 15, 238 for a value that mongod would fill in
 */
export function newDocument(doc: Doc): { whole: Doc; packed: Packed } {
  const id = doc.get('_id');
  checkId(id);
  // A Map keeps the first place of a key, so setting the whole document again leaves _id in front.
  const whole: Doc = new Map([['_id', id === undefined ? new ObjectId() : id], ...doc]);
  const packed = pack(whole, MAX_DEPTH);
  if (packed.length > MAX_DOCUMENT) {
    throw new CommandError(
      10334,
      `BSONObj size: ${packed.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT}(16MB)`,
    );
  }
  // mongod fills an empty top-level timestamp with its own clock.
  if ([...doc.values()].some((value) => value instanceof Timestamp && value.isZero())) {
    throw notSupported('an empty timestamp, which the server would fill in,');
  }
  return { whole, packed };
}

function checkId(id: Found): void {
  if (isArray(id) || id instanceof BSONRegExp) {
    throw new CommandError(53, `The '_id' value cannot be of type ${aliasOf(id)}`);
  }
  const dollar = isDoc(id) ? [...id.keys()].find((name) => name.startsWith('$')) : undefined;
  if (dollar !== undefined) {
    throw new CommandError(
      52,
      `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`,
    );
  }
}

/** The result of an update, as it is stored. @throws {CommandError} 17419 for more than 16 MiB, 15 */
export function packChanged(doc: Doc): Packed {
  const packed = pack(doc, MAX_DEPTH);
  if (packed.length <= MAX_DOCUMENT) return packed;
  throw new CommandError(17419, `Resulting document after update is larger than ${MAX_DOCUMENT}`);
}
