import { type Problem, reported } from './problem.ts';

const NAMES =
  'cart|isLoggedIn|userId|user|flash|views|isAuth|loggedIn|isAuthenticated|username|passport|destroy|save|regenerate|touch|cookie';

/** Messages of express-session, and related problems. */
export const OF_SESSION = {
  'memory-store': {
    says: ['Warning: connect.session() MemoryStore is not designed for a production environment'],
    cause:
      'session() was given no store, so sessions are in the memory of this one process, and are gone when it ends.',
    fix: 'Make a store and give it to session(): session({ store, … }).',
    lesson: 3,
  },
  'session-secret': {
    says: [
      'secret option required for sessions',
      'secret option array must contain one or more strings',
      // cookie-session
      { text: '.keys required', pattern: /(?<![\w)\]])\.keys required/, reported: true },
    ],
    cause: 'session() was given no secret: the variable it comes from is not set, or .env was not loaded.',
    fix: 'Give it secret, from a variable of the environment, and stop the start when that is missing.',
    lesson: 3,
  },
  'session-deprecations': {
    says: [
      'undefined resave option; provide resave option',
      'undefined saveUninitialized option; provide saveUninitialized option',
      'req.secret; provide secret option',
      'maxAge as Date; pass number of milliseconds instead',
    ],
    cause: 'An option of session() was left out, and its default will change or is not what most apps need.',
    fix: 'Write resave: false, saveUninitialized: false, and a secret; maxAge is a number of milliseconds.',
    lesson: 3,
  },
  'session-options': {
    says: [
      'genid option must be a function',
      'unset option must be "destroy" or "keep"',
      'maxAge must be a number or Date',
      'argument options must be a object',
      ...reported('option maxAge is invalid'),
      'option sameSite is invalid',
      ...reported('option expires is invalid'),
      'option domain is invalid',
      ...reported('option path is invalid'),
      'option priority is invalid',
      'argument name is invalid',
    ],
    cause:
      'An option of session(), or of its cookie, has a value of the wrong kind, such as a text where a number belongs, or a name with a space or a colon.',
    fix: "Correct that option: Number(process.env.MAX_AGE) for a number, 'lax', 'strict' or 'none' for sameSite, a name of letters, digits, dots and dashes.",
    lesson: 9,
  },
  'express-too-old': {
    says: [
      ...reported(
        'Most middleware (like session) is no longer bundled with Express and must be installed separately',
      ),
    ],
    cause: 'express.session and the like were part of Express 3.',
    fix: 'npm install express-session, and write session(…) for express.session(…).',
    lesson: 1,
  },
  'session-missing': {
    says: [
      {
        text: "Cannot read properties of undefined (reading 'cart')",
        pattern: new RegExp(
          `Cannot read propert(?:ies of undefined \\(reading '(?:${NAMES})'\\)|y '(?:${NAMES})' of undefined)`,
        ),
      },
      {
        text: "Cannot set properties of undefined (setting 'userId')",
        pattern: new RegExp(
          `Cannot set propert(?:ies of undefined \\(setting '(?:${NAMES})'\\)|y '(?:${NAMES})' of undefined)`,
        ),
      },
    ],
    cause:
      'What stands before that name in the line is undefined. If it is req.session: session() is not mounted, stands below the route, or the line runs in the callback of destroy(). If it is another value: it is not there.',
    fix: 'Look at the line. req.session: put app.use(session(…)) above the routes. Else: ask whether the value is there before you use it.',
    lesson: 1,
  },
  'session-not-a-class': {
    says: [
      {
        text: 'cart.get is not a function',
        pattern: /\b(?:session\.\w+|cart|user|loggedInAt|who|items|date)\??\.\w+ is not a function/,
      },
    ],
    cause:
      'If the value was in the session: a store gives back plain data, without methods, Map or class, and JSON stores without Date. If it comes from a model: its schema has no such method, or lean() gave a plain object.',
    fix: 'Store plain values such as an ID, and look the thing itself up on each request, without lean().',
    lesson: 7,
  },
  'headers-sent': {
    says: [
      'Cannot set headers after they are sent to the client',
      ...reported("Can't set headers after they are sent", 'ERR_HTTP_HEADERS_SENT'),
    ],
    cause: 'One request is answered twice, or the session is changed when the answer is on its way.',
    fix: 'Return after res.redirect() and res.send(); answer inside the callback of save(), regenerate() and destroy(), and only there.',
    lesson: 7,
  },
  'session-callback': {
    says: [
      {
        text: 'fn is not a function … express-session',
        pattern: /\bfn is not a function[\s\S]{0,400}express-session/,
      },
    ],
    cause: 'regenerate(), destroy() and save() of express-session take a callback, and return no promise.',
    fix: 'Give them a callback: req.session.regenerate((error) => { … }).',
    lesson: 7,
  },
  'session-circular': {
    says: [
      'Converting circular structure to JSON',
      'Do not know how to serialize a BigInt',
      'Cannot convert circular structure to BSON',
    ],
    cause:
      'Something in the session refers to itself or cannot be written as JSON: a request, a socket, a document with its model, a BigInt.',
    fix: 'Put plain values into the session: String(user._id), numbers, texts.',
    lesson: 7,
  },
  'session-load-failed': {
    says: ['failed to load session'],
    cause: 'req.session.reload() found no session: it was destroyed, or it ended meanwhile.',
    fix: 'Take it for logged out: send the visitor to the login.',
    lesson: 9,
  },
} as const satisfies Record<string, Problem>;
