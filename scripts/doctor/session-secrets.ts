/** Names of fields that do not belong in a session. A CSRF token or secret does: it is for this session alone. */
const SECRET =
  /^(?:pass(?:word|wd|wort|phrase)?|pwd|pin|(?:password_?)?(?:hash|digest|salt)|(?:access|refresh|bearer|auth|id|api)_?token|jwt|api_?key|private_?key|(?:client|api|app)_?secret|credit_?card|card_?number|cvv|cvc|iban|ssn)$/i;
const USER = /^(?:user|currentUser|account|profile)$/i;
/** Hashes of bcrypt, argon2 and scrypt, and signed tokens, in a field of any name. */
const SECRET_VALUE =
  /^(?:\$(?:2[abxy]?|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]*|5|6)\$|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.)/;
/** The depth of the search. */
const DEEPEST = 20;

/** The path of a password, a token or a whole user in a session; never a value. Undefined when none was found. */
export function secretIn(value: unknown, path = 'session', depth = 0): string | undefined {
  if (typeof value === 'string') return SECRET_VALUE.test(value) ? `a hash or a token (${path})` : undefined;
  if (typeof value !== 'object' || value === null || depth > DEEPEST || '_bsontype' in value)
    return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const here = `${path}.${shown(name)}`;
    if (SECRET.test(name) && isFilled(inner)) return here;
    if (USER.test(name) && isWhole(inner)) return `a whole user (${here})`;
    const deeper = secretIn(inner, here, depth + 1);
    if (deeper) return deeper;
  }
  return undefined;
}

/** A key that a visitor typed, such as an email address, is not shown. */
const shown = (name: string) => (/^[A-Za-z_]\w{0,30}$/.test(name) ? name : '…');

/** A number is no password: `hash: 3` counts something. */
const isFilled = (value: unknown) => typeof value === 'string' && value !== '';

/** Whether a user is stored as a whole. An ID, or an object around one, is right. */
const isWhole = (user: unknown) =>
  typeof user === 'object' && user !== null && !('_bsontype' in user) && Object.keys(user).length > 2;
