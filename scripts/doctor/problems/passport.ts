import { type Problem, reported } from './problem.ts';

/** Passport 0.6 and later, on express-session. */
export const OF_PASSPORT = {
  'passport-session-missing': {
    says: [
      'Login sessions require session support. Did you forget to use `express-session` middleware?',
      ...reported('requires session support when using state', 'requires session support'),
    ],
    cause: 'Passport finds no req.session: session() is not mounted, or stands below passport.session().',
    fix: 'In this order: app.use(session(…)), app.use(passport.session()), the routes.',
  },
  'passport-cookie-session': {
    says: [
      'req.session.regenerate is not a function',
      'req.session.save is not a function',
      ...reported('req.session.destroy is not a function', 'req.session.touch is not a function'),
    ],
    cause:
      'Passport 0.6 and later asks for a new session ID at the login. cookie-session, and other middleware than express-session, has no regenerate(), save(), destroy() and touch().',
    fix: 'Use express-session with a store. With cookie-session alone a logout is req.session = null. Passport 0.5 would accept it and leaves session fixation open.',
    lesson: 7,
  },
  'passport-logout': {
    says: ['req#logout requires a callback function', ...reported('req.logout is not a function')],
    cause: 'Since Passport 0.6 req.logout() takes a callback: it makes a new session ID.',
    fix: "req.logout((error) => { if (error) return next(error); res.redirect('/'); }).",
    lesson: 7,
  },
  'passport-serialize': {
    says: ['Failed to serialize user into session', ...reported('Failed to deserialize user out of session')],
    cause:
      'passport.serializeUser() or deserializeUser() is missing, or called done without an ID or a user.',
    fix: 'serializeUser: done(null, user.id). deserializeUser: look the user up, and done(null, false) when it is gone.',
  },
  'passport-strategy': {
    says: ['Unknown authentication strategy "…"'],
    cause: 'The strategy was not given to passport.use() in this process, or has another name.',
    fix: 'Import the file that calls passport.use(…) before the routes, and use the same name.',
  },
  'passport-options': {
    says: reported(
      'requires a verify callback',
      'requires a clientID option',
      'requires a clientSecret option',
      'Authentication strategies must have a name',
    ),
    cause:
      'A strategy of Passport was made without what it needs: the function that looks the user up, or an ID that comes from a variable that is not set.',
    fix: 'Print the options before new Strategy(…), and load .env above it. A strategy by OpenID or OAuth2 takes the function as its last argument.',
  },
  'passport-initialize': {
    says: reported('passport.initialize() middleware not in use', 'req.isAuthenticated is not a function'),
    cause: 'The route runs before Passport has prepared the request.',
    fix: 'Put app.use(passport.session()) above the routes, below session(). An older Passport also wants app.use(passport.initialize()) between the two.',
  },
  'flash-session': {
    says: [
      ...reported('req.flash() requires sessions'),
      { text: 'req.flash is not a function', pattern: /req\.flash is not a function/ },
    ],
    cause:
      'connect-flash keeps its messages in the session, and there is none at this line, or flash() is not mounted.',
    fix: 'app.use(session(…)) first, then app.use(flash()), then the routes.',
    lesson: 8,
  },
} as const satisfies Record<string, Problem>;
