const MINUTE = 60_000;
const LONGEST = 30 * 365 * 24 * 3_600_000;

/**
 * The end of the record in a dump, in milliseconds since 1970: the only time in it that is in the future. The data of a session without
 * maxAge contain no time.
 * @param before an earlier dump, whose times are not this record's
 * @returns undefined when there is no such time
 */
export function endIn(dump: string, now = Date.now(), before = ''): number | undefined {
  const old = new Set(timesIn(before));
  return timesIn(dump).find((time) => time > now + MINUTE && time < now + LONGEST && !old.has(time));
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
