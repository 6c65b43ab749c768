import { type Case, isCaseNumber, makeCase, type SessionDocument } from '#shop/case.ts';
import { findUser, users } from '#shop/users.ts';

// Judges the findings of a learner about a case of lesson 6. Each function says what a wrong finding really is,
// without giving the right one away; undefined for the right one.

const MINUTE = 60 * 1000;
/** Time zones differ from UTC by quarters of an hour, and by 14 hours at most. */
const ZONE_STEP = 15 * MINUTE;
const ZONE_LIMIT = 14 * 60 * MINUTE;

/** The case of the number that an answer names; undefined while none is chosen. */
export function caseOf(number: unknown): Case | undefined {
  return isCaseNumber(number) ? makeCase(number) : undefined;
}

/** What was found in place of the wanted session's ID. */
export function wrongId(found: string, { wanted, sessions, number }: Case): string | undefined {
  const id = wanted._id;
  if (found === id) return undefined;
  if (!found) return 'Nothing is written yet. The cookie is on /case; its ID ends at the dot.';
  const other = sessions.find((document) => found.includes(document._id) && document !== wanted);
  if (other)
    return `This is another session: ${described(other)}. Compare it with the cookie letter by letter.`;
  if (/^s(:|%3A).*\../is.test(found)) {
    return `This is the whole signed cookie${/%/.test(found) ? ', still URL-encoded' : ''}: the ID begins after ${/^s%/i.test(found) ? 's%3A, which is s: URL-encoded,' : 's:'} and ends at the dot.`;
  }
  if (/^s:/i.test(found)) return 'The s: in front says that the cookie is signed. The ID begins after it.';
  if (/^(s?%)?3A/i.test(found) && found.endsWith(id)) {
    return 'This is still URL-encoded in front: s%3A is s: and the ID begins after the A.';
  }
  if (found.startsWith(`${id}.`)) return 'The ID ends at the dot. What follows is the signature.';
  if (/^\.?[\w+/%-]{43,51}$/.test(found)) {
    return 'This is the signature, the part after the dot. The ID stands before it, and has 32 characters.';
  }
  if (found.length >= 4 && id.startsWith(found.replace(/…$|\.\.\.$/, ''))) {
    return `This is how the ID begins. All of it has ${id.length} characters, and this has ${found.length}.`;
  }
  if (found.toLowerCase() === id.toLowerCase()) return 'Capitals and small letters differ in an ID. Copy it.';
  if (found.includes(id)) return 'The ID is in there, with something around it. Write the ID alone.';
  return `No session of case ${number} has this _id. Your own browser's cookie is another one: the cookie in question is shown on /case.`;
}

/** What was found in place of the ID of the user who is logged in. */
export function wrongUser(found: string, { loggedIn, sessions }: Case): string | undefined {
  if (found === loggedIn.session.userId) return undefined;
  if (!found) return 'Nothing is written yet. In Compass: the filter { "session.isLoggedIn": true }.';
  const named = users.find(({ name, email }) => [name, email].some((each) => sameWord(each, found)));
  if (named)
    return `This is a user's ${sameWord(named.name, found) ? 'name' : 'address'}. The session keeps the ID of the user alone: session.userId.`;
  if (sessions.some(({ _id }) => _id === found)) {
    return "This is a session's _id. Asked is whose session it is: session.userId, in the same document.";
  }
  const other = sessions.find(({ session }) => session.userId === found);
  if (other) {
    return `This user has a session, but it is ${described(other)}. A userId alone logs nobody in: filter for session.isLoggedIn.`;
  }
  if (findUser(found.toLowerCase())) return 'Capitals and small letters differ in an ID. Copy it.';
  return 'No session of your case has this userId. It begins with u- and stands in the document that the filter finds.';
}

/** What was found in place of the time at which the wanted session expires. */
export function wrongMoment(found: string, { wanted, sessions }: Case): string | undefined {
  const truth = wanted.expires.getTime();
  if (!found) return 'Nothing is written yet. It is the field expires of the document.';
  if (found === String(wanted.session.cookie.originalMaxAge)) {
    return 'This is session.cookie.originalMaxAge: how long a session lasts, in milliseconds. Asked is when it ends: expires.';
  }
  const moment = readMoment(found);
  if (moment === undefined) {
    return `${whyUnread(found)} Write it as mongosh shows it, 2031-05-09T23:15:42.123Z, or as Compass does, 2031-05-09T23:15:42.123+00:00`;
  }
  const ahead = Math.floor(moment / 1000) * 1000 - Math.floor(truth / 1000) * 1000;
  if (ahead === 0) return undefined;
  const other = sessions.find((document) => Math.abs(document.expires.getTime() - moment) < 1000);
  if (other) return `Then another session expires: ${described(other)}. Asked is the one of 6.1.`;
  if (ahead % ZONE_STEP === 0 && Math.abs(ahead) <= ZONE_LIMIT) {
    const hours = Math.abs(ahead) / (60 * MINUTE);
    return `This is local time, ${hours} ${hours === 1 ? 'hour' : 'hours'} ${ahead > 0 ? 'ahead of' : 'behind'} UTC. MongoDB keeps UTC, and both tools show it: Z or +00:00 at the end means UTC.`;
  }
  if (Math.abs(ahead) < MINUTE) return 'The minute is right, the second is not. Copy it with its seconds.';
  return 'The session of 6.1 does not expire then. If you put something in its cart its end moved: a save puts the case back.';
}

/** What was found in place of the TTL index's name. @param names the collection's other indexes */
export function wrongIndex(found: string, name: string, names: readonly string[]): string | undefined {
  if (found === name) return undefined;
  if (!found) return 'Nothing is written yet. In Compass it is on the tab Indexes, with the badge TTL.';
  if (names.includes(found)) {
    return `The collection has an index ${found}, but that one only finds documents: every collection has it. The one that cleans up has the property TTL.`;
  }
  if (/^\W*expires\W*(:?\s*(1|asc)?\W*)$/i.test(found)) {
    return 'This is the key of the index, the field it is about. An index has a name as well: Compass shows it first.';
  }
  if (found.includes(name)) return 'The name is in there, with something around it. Write the name alone.';
  if (/ttl|expireAfterSeconds/i.test(found)) {
    return 'This is what the index does, not what it is called. Compass shows the name first, the badge TTL behind it.';
  }
  return 'The collection has no index of this name.';
}

/**
 * A time as people copy it: from Compass, mongosh, a cookie inspector. Without a zone it is UTC, as the lesson asks.
 * @returns undefined when it cannot be read, or is ambiguous
 */
export function readMoment(text: string): number | undefined {
  const bare = withoutCall(text);
  const iso = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i.exec(bare);
  const [, day, time, zone = 'Z'] = iso ?? [];
  const read = iso
    ? `${day}T${time}${/^[a-z]/i.test(zone) ? 'Z' : zone.replace(/(\d\d)(\d\d)$/, '$1:$2')}`
    : bare;
  // Names of days and months, then a zone: 'Sat, 09 May 2031 23:15:42 GMT'
  if (!iso && !/^[a-z]{3,}.*\b(?:GMT|UTC)/i.test(bare)) return undefined;
  // Compass, when it shows a date in words: 'May 9, 2031 at 11:15:42 PM UTC'
  const moment = Date.parse(read.replace(/ at (?=\d)/, ' '));
  return Number.isNaN(moment) ? undefined : moment;
}

/** '2031-05-09T23:15:42Z' out of 'ISODate("2031-05-09T23:15:42Z")' */
function withoutCall(text: string): string {
  return text.replace(/^(?:ISODate|new Date)\(|\)$|["'`]/g, '').trim();
}

/** What a text lacks that is not read as a moment. */
function whyUnread(text: string): string {
  const bare = withoutCall(text);
  if (/^\d{4}-\d\d-\d\d$/.test(bare)) return 'This is a day, and its time is missing.';
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?!:?\d)/.test(bare)) return 'The seconds of this moment are missing.';
  if (/^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b/.test(bare))
    return 'Written like this, it is not known which number is the day and which the month.';
  if (/^[a-z]{3,}\b.*\d:\d\d/i.test(bare)) return 'A date in words needs its zone: UTC or GMT.';
  if (/^\d+$/.test(bare)) return 'This is a number, and not a date as the tools show it.';
  return 'This cannot be read as a moment.';
}

/** Describes a session without naming its user. */
function described({ session }: SessionDocument): string {
  if (session.isLoggedIn) return 'the one of the user who is logged in';
  if (session.isLoggedIn === false) return 'one of a user who has logged out, isLoggedIn is false';
  if (session.userId) return 'one with a userId and no isLoggedIn';
  const [first] = session.cart ?? [];
  return `one of a shopper with ${first?.quantity} × ${first?.productId} in the cart`;
}

function sameWord(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
