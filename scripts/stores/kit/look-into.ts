/** The most objects that are examined. */
const MOST = 200_000;

/**
 * Whether an object contains a word: in names, texts, bytes, Maps or Sets, at any depth. It cannot see private fields and closures,
 * and calls nothing.
 */
export function holdsWord(root: object, word: string): boolean {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [root];
  while (waiting.length > 0 && seen.size < MOST) {
    const value = waiting.pop();
    if (typeof value === 'string' && value.includes(word)) return true;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Buffer.isBuffer(value)) waiting.push(value.toString('latin1'));
    else waiting.push(...partsOf(value));
  }
  return false;
}

function partsOf(value: object): unknown[] {
  if (ArrayBuffer.isView(value)) return [];
  const parts: unknown[] = [];
  if (value instanceof Map) for (const [key, of] of value) parts.push(key, of);
  if (value instanceof Set) parts.push(...value);
  const fields = Object.getOwnPropertyDescriptors(value) as Record<PropertyKey, PropertyDescriptor>;
  for (const name of Reflect.ownKeys(fields)) parts.push(name, fields[name]?.value);
  return parts;
}
