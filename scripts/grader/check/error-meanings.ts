/** What an error means here: its message, and for some the line of the answer that failed. */
interface Meaning {
  readonly says: RegExp;
  /** What the failing line has to contain. A message alone often has several causes. */
  readonly at?: RegExp;
  readonly means: string;
}

export const UNREAD_FORM =
  'req.body is undefined: nothing has read the form. express.urlencoded() does, above the routes; express.json() reads JSON, which a form is not.';

/** Messages that people meet in these lessons. The first that fits is shown. */
const MEANINGS: readonly Meaning[] = [
  {
    says: /Cannot destructure property '\w+' of '[\w.]*session'/,
    means:
      'req.session is undefined when this line runs: session() is not mounted, or it is mounted after the route, or on a path of its own.',
  },
  {
    says: /Cannot destructure property '\w+' of '[\w.]*body'/,
    means: UNREAD_FORM,
  },
  {
    says: /properties of undefined \(reading '(?:product|email|password|note)'\)/,
    at: /\breq\.body\b/,
    means: UNREAD_FORM,
  },
  {
    says: /Cannot set headers after they are sent/,
    means:
      'One request is answered twice, or a cookie is set when the answer is on its way. Neither next() nor res.redirect() ends a function: return after it, and put what must come first above it, or into the callback.',
  },
  {
    says: /secret option required/,
    means: 'session() was given no secret. The shop has one for you: config.sessionSecret.',
  },
  {
    says: /does not provide an export named 'MongoDBStore'/,
    means:
      'connect-mongodb-session has no MongoDBStore to import by name. Import its default, a function, and call it with session: it returns the class.',
  },
  {
    says: /Dynamic require of .* is not supported|require is not defined/,
    means: 'This file is an ES module, which has no require(). Import instead: import name from "package".',
  },
  {
    says: /Class constructor (?:MongoStore|\w*Redis\w*) cannot be invoked without 'new'/,
    means:
      'connect-mongo was called with session, as before its version 4. The lesson uses connect-mongodb-session, whose default export is such a function.',
  },
  {
    says: /Class constructor \w+ cannot be invoked without 'new'/,
    means: 'A class was called like a function. new makes an object of it.',
  },
  {
    says: /^TypeError: (?:fn|callback) is not a function/,
    means:
      'A method of express-session was called without its callback. regenerate(), destroy() and reload() take one, and return no promise: await those of #shop/session-promises.ts, or pass a function.',
  },
  {
    says: /express\.session is not a function/,
    means:
      'Express has no session() of its own since version 4. It is a package: import session from "express-session".',
  },
  {
    says: /session is not a function|session\.default is not a function|express is not a function/,
    at: /.*/,
    means:
      'The import gives an object, and the function is its default: import session from "express-session", not import * as session.',
  },
  {
    says: /session\d*\.(?:save|touch|regenerate|destroy|reload|resetMaxAge) is not a function/,
    means:
      'req.session was replaced by an object of the answer’s own, which has none of express-session’s methods. Put values into req.session, and leave the object itself in place.',
  },
  {
    says: /\bstore\d*\.(?:get|set|destroy|on|generate|createSession) is not a function/i,
    means:
      'What stands in the place of the store is no session store: it lacks this method. An async function returns a promise of a store. A class without new, a function that is not called, and a driver’s client or collection are none.',
  },
  {
    says: /Cannot read properties of undefined \(reading 'Store'\)/,
    means:
      'connectMongoDBSession() looks for the class Store at what it is given, and finds none. It takes what express-session exports, as it is: not the result of session(…), no options. It returns the MongoDBStore class, and new makes a store of that.',
  },
  {
    says: /Cannot read properties of undefined \(reading 'session'\)/,
    at: /connect|mongo/i,
    means:
      'connectMongoDBSession() was called with nothing in its brackets. Given session, it returns the MongoDBStore class, and new makes a store of that.',
  },
  {
    says: /Cannot read properties of undefined \(reading 'session'\)/,
    at: /\breq(?:uest)?\.session/,
    means:
      'req is undefined when this line runs: the handler was called where it should be passed on, requireLogin() in place of requireLogin. Express calls it, with each request.',
  },
  {
    says: /\breq(?:uest)?\.(?:flash|logout|logOut|login|logIn|isAuthenticated) is not a function/,
    means:
      'Passport and connect-flash put such methods on the request, and neither is here. The shop keeps it in the session itself: req.session.flash, regenerate(), destroy().',
  },
  {
    says: /Cannot create property '\w+' on string/,
    means:
      'A text was given where an object of options belongs. MongoDBStore takes one such object, { uri, collection }, and then a callback.',
  },
  {
    says: /properties of undefined \(reading '(?:get|set|destroy|on|touch)'\)/,
    at: /^$|store/i,
    means:
      'createStore() returned nothing. Does it end with return store? What on() of this store returns is no store: call it on a line of its own.',
  },
  {
    says: /connect.*is not a function|is not a constructor|Class extends value/,
    means:
      'connectMongoDBSession(session) returns the MongoDBStore class, and new makes a store of it: two steps.',
  },
  {
    says: /options? .*(?:usenewurlparser|useunifiedtopology|usecreateindex|usefindandmodify|poolsize|autoreconnect|bufferMaxEntries|sslvalidate)\b.* (?:is|are) not supported/i,
    means:
      'These options are of an old driver, and version 4 took them away: connectionOptions can do without. Today’s driver does all of that by itself.',
  },
  {
    says: /options? .* (?:is|are) not supported/i,
    means:
      'The driver knows no option of this name. It stands in connectionOptions, or after the "?" of the connection string.',
  },
  {
    says: /maxAge must be a number/,
    means:
      'cookie.maxAge is a number of milliseconds, without quotes and without a unit: 30 * 60 * 1000. (cookie.expires, which is hardly ever used, is a Date.)',
  },
  {
    says: /option (expires|maxAge|domain|path) is invalid/,
    means:
      'express-session could not write its cookie: one of its options has no value that a cookie can have. A maxAge that is NaN (a variable that is not set, or a text times a number) is the usual one.',
  },
  {
    says: /argument name is invalid/,
    means:
      'The name of the session cookie has a character that no such name can have: a space, a semicolon, a letter with an accent.',
  },
  {
    says: /"original" argument must be of type function/,
    at: /save|regenerate|destroy|session/,
    means:
      'req.session has no such method: it was replaced by an object of the answer’s own. Put values into req.session, and leave the object itself in place.',
  },
  { says: /option sameSite is invalid/, means: 'cookie.sameSite is true, false, "lax", "strict" or "none".' },
  {
    says: /Unsupported BSON version|bson types must be from bson/i,
    means:
      'The session holds an ObjectId (or another BSON type) of another bson package than the driver’s, and two of them do not mix: mongoose and connect-mongodb-session each bring their own. Store the text: String(user._id).',
  },
  {
    says: /circular structure|cyclic dependency|Maximum call stack size exceeded/i,
    at: /session|\.save\(|await save|redirect|res\.(?:end|send|render)/,
    means:
      'What is in the session refers back to itself, and a store writes text or documents, which cannot. Keep IDs in the session, and look the objects up.',
  },
  {
    says: /Converting circular structure to JSON|Cannot convert circular structure|cyclic dependency detected/i,
    means:
      'What is in the session refers back to itself, and a store writes text or documents, which cannot. Keep IDs in the session, and look the objects up.',
  },
  {
    says: /serialize a BigInt/i,
    means: 'The session holds a BigInt, which JSON cannot write. Store it as a text: String(value).',
  },
  {
    says: /offset.*out of range|BSONObj size|larger than the maximum|document is too large|17825792/i,
    means:
      'The session is larger than a MongoDB document can be, 16 MB. A session is read and written on each request: keep IDs in it.',
  },
  {
    says: /not authorized|not allowed to do action|requires authentication/i,
    means:
      'MongoDB refused this: the user of the connection string has no right to it. That is settled at the database, not in this code.',
  },
  {
    says: /cannot use 'w' > 1|[Ww]rite concern mode/,
    means:
      'The write asks for more copies than this deployment keeps: w= in the connection string, or a writeConcern. Leave it out; w=majority fits every deployment.',
  },
  {
    says: /Invalid namespace|(?:Database|Collection) names? (?:cannot|must)/i,
    means: 'MongoDB takes no such name for a database or a collection. The lessons use sessions, in shop.',
  },
  {
    says: /^MongoTopologyClosedError/,
    means:
      'A client was closed while it was still connecting, and nobody waits for connect(): its promise is rejected where nothing catches it. await client.connect(), and close the client when that is over.',
  },
  {
    says: /Topology is closed/,
    means:
      'The first connection of this store failed, and such a store never tries again. Why it failed stands further up in what the shop printed: the address, the user, or an option of the connection.',
  },
  {
    says: /Authentication failed/,
    means: 'MongoDB does not know this user with this password, or looks for the user in another database.',
  },
  {
    says: /Could not cast/,
    means:
      'An option of the store is no value of its kind: `expires` is a number of milliseconds, collection and uri are texts.',
  },
  {
    says: /E11000 duplicate key/,
    means: 'MongoDB refused to store a second document with the same value in a unique index.',
  },
  {
    says: /(?:get|set|has|forEach|entries|keys|values|add) is not a function|getTime is not a function|toISOString is not a function/,
    at: /session|cart|loggedInAt|flash/,
    means:
      'What comes back from a store is plain data: no Map or Set, no class with its methods, on many stores no Date, and undefined has become null. Store arrays, objects, numbers and texts.',
  },
  {
    says: /\b(?:cart|items)\b\S*\.(?:at|concat|every|filter|find|findIndex|flatMap|map|push|reduce|some) is not a function/,
    means:
      'A list is wanted here, and there is something else. addToCart() and removeFromCart() take the list of items first and the ID of the product second, and what is in req.session.cart is such a list, too.',
  },
  {
    says: /\bflash\b\S*\.(?:at|concat|filter|find|forEach|join|map|pop|push|shift|some) is not a function/,
    means: 'A list is wanted here, and what the session holds under this name is none.',
  },
  {
    says: /\bsession\b.* is not a function/,
    means:
      'What comes back from a store is plain data: no Map or Set, no class with its methods, on many stores no Date, and undefined has become null. Store arrays, objects, numbers and texts.',
  },
  {
    says: /Missing parameter name|Unexpected (?:\?|\+|\*|\(|\[|!) at|pathToRegexpError/,
    means:
      'Express 5 reads paths in another way than 4: a bare * needs a name, "/*splat", and an optional part stands in braces, "/cart{/:id}". For all that no route knew, app.use() without a path does.',
  },
  {
    says: /Router\.use\(\) requires a middleware function|argument handler must be a function|requires a callback function/,
    means:
      'A route or app.use() was given something that is no function. Is it imported by the right name, and not called where it is passed on?',
  },
  {
    says: /, in [\w-]+\.ejs \d+\|/,
    means:
      'A template could not be rendered: what res.render() gives it has another shape than it expects. Give it the names of the starter, each with a value of the same kind.',
  },
  {
    says: /Failed to lookup view/,
    means: 'res.render() names a page that is not there. The shop has account, cart, login and shop.',
  },
  {
    says: /Invalid scheme|Invalid connection string/,
    means: 'The uri is not a connection string. The shop has one for you: config.mongodbUri.',
  },
  {
    says: /Unable to parse .* with URL|Invalid URL|contains? unescaped characters/,
    means:
      'The connection string cannot be taken apart. Most often its user or password holds a character that is not percent-encoded.',
  },
  {
    says: /EADDRINUSE/,
    means:
      'The answer listens by itself, on a port that another process of it has already. Leave listen() out: whoever starts the shop chooses the port.',
  },
  {
    says: /Cannot find (?:module|package)|Could not resolve/,
    means:
      'An import names a file or a package that is not there. Look at its spelling, and whether something deletes it.',
  },
  {
    says: /does not provide an export named '?default|No matching export .*for import "default"/,
    means:
      'This module has no default export: its names are imported in braces, as in import { RedisStore } from "connect-redis". An answer that is older than its package tells of a default.',
  },
  {
    says: /does not provide an export named|No matching export/,
    means:
      'An import asks a module for a name that it does not export. Look at its spelling, or import the default.',
  },
  {
    says: /"?await"? (?:can only be used inside|is only valid in) an? "?async"?|is only valid in async functions/,
    means: 'await stands in a function that is not async: write async in front of its parameters.',
  },
  {
    says: /Invalid status code: "/,
    means: 'The status comes first: res.redirect(303, "/cart"), res.status(404).',
  },
  {
    says: /octal literals|leading zeros/,
    means: 'JavaScript takes no number with a zero in front. Leave the zero out, or put the year first.',
  },
  {
    says: /^SyntaxError/,
    means:
      'The file cannot be read as TypeScript. Most often a bracket, a comma or a quote is missing just before.',
  },
  {
    says: /^BSONError: input must be a 24 character hex/,
    means:
      'An ObjectId has 24 hexadecimal digits. The _id of a session is the session ID, a string: look for it as it is.',
  },
  {
    says: /are to be kept in Redis, and config has no redisUrl/,
    means:
      'A store in Redis was made, and config did not ask for one. Look at config.store: mongodb, or nothing, is MongoDB.',
  },
  {
    says: /Error (?:setting|finding|destroying) the session: /,
    means: 'The store failed at this session. Behind the colon stands why, as MongoDB or its driver says it.',
  },
  { says: /is not defined/, means: 'A name is used that nothing declares or imports.' },
];

/** A line of the answer that failed, and the column of the expression in it, from 1. */
export interface FailingCode {
  readonly text: string;
  readonly column?: number;
}

/**
 * What a message means here.
 * @param code the line that failed, where it is known
 * @returns undefined when it is not known
 */
export function meaningIn(message: string, code: FailingCode = { text: '' }): string | undefined {
  const known = MEANINGS.find(({ says, at }) => says.test(message) && (!at || at.test(code.text)));
  return known?.means ?? describeMissing(message, code);
}

/** Whether an error says that req.session was not there when the line ran; with null, that it had been set to null. */
export function isSessionMissing(message: string, code: FailingCode): 'undefined' | 'null' | undefined {
  const { what, name, owner } = missingIn(message, code) ?? {};
  if (!what || !name) return undefined;
  if (owner === undefined) {
    // Without a line to look at, the name decides. The helpers of the shop take the request.
    const isOfSessions = /^(?:cart|isLoggedIn|userId|save|regenerate|destroy|flash)$/.test(name);
    return isOfSessions &&
      (code.text === '' || new RegExp(`\\b(?:${name}|saveThenRedirect)\\(\\s*req\\b`).test(code.text))
      ? what
      : undefined;
  }
  return /(?:^|[^\w$.])req(?:uest)?\.session(?:\s+as\s[^)]*)?\)?$/.test(owner) ? what : undefined;
}

/** The missing value ('undefined' or 'null'), the property that was read of it, and the expression in front of it. */
function missingIn(message: string, { text, column = 1 }: FailingCode) {
  const [, what, name] =
    message.match(/Cannot (?:read|set) properties of (undefined|null) \((?:reading|setting) '(\w+)'\)/) ?? [];
  if (!what || !name) return undefined;
  const [, unpacked] = text.match(new RegExp(`\\{[^}]*\\b${name}\\b.*\\}\\s*=\\s*([\\w.$]+)`)) ?? [];
  if (unpacked) return { what: what as 'undefined' | 'null', name, owner: unpacked };
  const dots = [...text.matchAll(new RegExp(`[!?]?\\.${name}\\b`, 'g'))];
  const nearest = dots.sort((a, b) => Math.abs(a.index - column) - Math.abs(b.index - column))[0];
  const owner = nearest && expressionBefore(text.slice(0, nearest.index));
  return { what: what as 'undefined' | 'null', name, owner };
}

/** The expression that ends a text: names and dots, and brackets with their contents. */
function expressionBefore(text: string): string {
  let from = text.length;
  let depth = 0;
  while (from > 0) {
    const sign = text[from - 1] as string;
    if (/[)\]]/.test(sign)) depth++;
    else if (/[([]/.test(sign)) {
      if (depth === 0) break;
      depth--;
    } else if (depth === 0 && !/[\w$.!?]/.test(sign)) break;
    from--;
  }
  return text.slice(from);
}

function describeMissing(message: string, code: FailingCode): string | undefined {
  const session = isSessionMissing(message, code);
  if (session === 'undefined')
    return 'req.session is undefined when this line runs: session() is not mounted, or it is mounted after the route, or on a path of its own.';
  if (session === 'null') return 'req.session is null when this line runs: the answer has set it to null.';
  const { what, name, owner } = missingIn(message, code) ?? {};
  if (!what) return undefined;
  const kept =
    what === 'null'
      ? ' MongoDB stores undefined as null, and a default such as cart = [] is not for null.'
      : '';
  if (!owner) return `Something is ${what} where this line asks for its ${name}.${kept}`;
  return `${owner} is ${what} when this line asks for its ${name}.${kept}`;
}
