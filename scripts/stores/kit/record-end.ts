const MINUTE = 60_000;
const LONGEST = 30 * 365 * 24 * 3_600_000;

/**
 * The end of the record in a dump, in milliseconds since 1970: the earliest time in it that is in the future. The data of a session without
 * maxAge contain no time.
 * @param before an earlier dump, whose times are not this record's
 * @returns undefined when there is no such time
 */
export function endIn(dump: string, now = Date.now(), before = ''): number | undefined {
  const old = new Set(timesIn(before));
  const ends = timesIn(dump).filter((time) => time > now + MINUTE && time < now + LONGEST && !old.has(time));
  return ends.length ? Math.min(...ends) : undefined;
}

/**
 * The end that a server has for a record, in milliseconds since 1970: a TTL of Redis or memcached, a TTL index of MongoDB.
 * @param word a word of the record @returns undefined when it has none, or the record is not in the dump
 */
export function serverEndIn(dump: string, word: string): number | undefined {
  const lines = dump.split('\n').filter((line) => line.includes(word));
  const found = lines.map((line) => / ends (\d{13})$|\bexp=(\d{10})\b/.exec(line)).find(Boolean);
  if (!found) return undefined;
  return found[1] === undefined ? Number(found[2]) * 1000 : Number(found[1]);
}

function timesIn(dump: string): number[] {
  const dates = [...dump.matchAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00(?::?00)?)?/g)].map(
    ([text]) => Date.parse(`${text.replace(' ', 'T').replace(/(?:Z|\+00(?::?00)?)$/, '')}Z`),
  );
  const numbers = [...dump.matchAll(/(?<![\d.])(\d{10}|\d{13})(?![\d])/g)].map(([, digits = '']) =>
    digits.length === 10 ? Number(digits) * 1000 : Number(digits),
  );
  return [...dates, ...numbers];
}
