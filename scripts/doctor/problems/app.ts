import { type Problem, reported } from './problem.ts';

/** Express 5, and what is used beside it. */
export const OF_EXPRESS = {
  'express-path': {
    says: [
      'Missing parameter name at index …',
      ...reported(
        'Missing parameter name at …: https://git.new/pathToRegexpError',
        'Unterminated group at',
        'Unexpected ? at',
      ),
      { text: 'Unexpected ( at index …', pattern: /Unexpected [[\](){}?+!*] at (?:index )?\d+/ },
    ],
    cause: "Express 5 reads paths in another way: '*', '?' and regular expressions in a path are refused.",
    fix: "Write '/*splat' for '*', '/{:id}' for '/:id?', and put app.use() without a path at the end for what is not found.",
    lesson: 3,
  },
  'express-handler': {
    says: [
      'argument handler must be a function',
      'argument handler is required',
      ...reported(
        'Router.use() requires a middleware function but got',
        'requires a callback function but got',
        'app.use() requires a middleware function',
      ),
    ],
    cause:
      'A route or app.use() was given something that is no function: an import that is undefined, or a router that was called.',
    fix: 'See what the module exports and how it is imported: default or by name. Pass the function, do not call it.',
  },
  'express-body': {
    says: [
      {
        text: "Cannot destructure property '…' of 'req.body' as it is undefined",
        pattern: /Cannot destructure property '\w+' of '(?:req|request)\.body' as it is undefined/,
      },
      {
        text: "Cannot read properties of undefined (reading 'email')",
        pattern:
          /Cannot read propert(?:ies of undefined \(reading '(?:email|password|username)'\)|y '(?:email|password|username)' of undefined)/,
      },
    ],
    cause:
      'In Express 5 req.body is undefined until a parser has read the form, and each kind of body has its own parser.',
    fix: 'Put app.use(express.urlencoded()) for forms, or app.use(express.json()) for JSON, above the routes.',
    lesson: 1,
  },
  'express-query': {
    says: ['Cannot set property query of #<IncomingMessage> which has only a getter'],
    cause:
      'In Express 5 req.query is made anew at each use and cannot be set. Middleware for Express 4, such as express-mongo-sanitize and xss-clean, sets it.',
    fix: 'Take a version of that middleware for Express 5, or check the values yourself: a query value may be an object.',
  },
  'express-removed': {
    says: [
      { text: 'req.param is not a function', pattern: /\breq(?:uest)?\.param is not a function/ },
      { text: 'app.del is not a function', pattern: /\bapp\.del is not a function/ },
      { text: 'res.sendfile is not a function', pattern: /\bres\.sendfile is not a function/ },
      ...reported('express deprecated'),
    ],
    cause: 'Express 5 has no such method any more.',
    fix: 'req.params, req.query or req.body for req.param(); app.delete() for app.del(); res.sendFile() for res.sendfile().',
  },
  'express-status': {
    says: ['Invalid status code: …'],
    cause:
      'res.status() or res.redirect() was given no number of a status: the arguments are the other way round, or undefined.',
    fix: "Write res.redirect(303, '/cart') and res.status(404): a number, the status first.",
  },
  'express-no-route': {
    says: [{ text: 'Cannot GET /…', pattern: /\bCannot (?:GET|POST|PUT|PATCH|DELETE) \// }],
    cause:
      'No route has this method and this path: another spelling, another method, or the router is not mounted.',
    fix: 'Compare method and path with the routes. A form without method="post" sends GET.',
    lesson: 1,
  },
  'express-view': {
    says: [
      'Failed to lookup view "…" in views directory',
      'No default engine was specified and no extension was provided',
      ...reported("Cannot find module 'ejs'"),
    ],
    cause: 'Express does not find the template, or does not know the engine for its ending.',
    fix: "app.set('view engine', 'ejs'), npm install ejs, and app.set('views', …) with the folder's whole path.",
  },
  'body-too-large': {
    says: ['request entity too large'],
    cause: 'The body is larger than the parser takes: 100 kB unless told otherwise.',
    fix: 'Set limit where the parser is made, and do not put what was sent into the session.',
    lesson: 10,
  },
  'body-not-json': {
    says: [
      {
        text: 'Unexpected token … in JSON at position …',
        pattern: /Unexpected token (?!o in JSON).{1,12} in JSON at position \d+/,
        reported: true,
      },
      {
        text: '… is not valid JSON',
        pattern:
          /(?:Unexpected token .{1,40}|"<!DOCTYPE.{0,20}) is not valid JSON|Unexpected end of JSON input|Expected property name or '}' in JSON/,
      },
    ],
    cause:
      'What was to be JSON is something else: often the HTML of an error or login page, or an empty body.',
    fix: 'Print the text before it is parsed. In a browser look at the answer under Network: is it a redirect to the login?',
  },
  'csrf-token': {
    says: ['invalid csrf token', ...reported('misconfigured csrf', 'EBADCSRFTOKEN')],
    cause:
      'The token of the form is not the one of this session: the session is new (cookie not sent, secret changed, two tabs), or the form has no token.',
    fix: 'See first that the session cookie comes back with the form. Put csurf or csrf-sync below session(), and the token into each form.',
    lesson: 10,
  },
  'proxy-header': {
    says: [
      "The 'X-Forwarded-For' header is set but the Express 'trust proxy' setting is false",
      "The Express 'trust proxy' setting is true, which allows anyone to trivially bypass IP-based rate limiting",
    ],
    cause: 'A proxy stands in front of the app, and Express was not told how many.',
    fix: "app.set('trust proxy', 1) for one proxy. Secure cookies need it as well.",
    lesson: 10,
  },
} as const satisfies Record<string, Problem>;

/** What a browser says, and what it passes over. */
export const OF_BROWSER = {
  'cookie-secure': {
    says: reported(
      'had the "Secure" attribute but was not received over a secure connection',
      'because a non-HTTPS cookie can\'t be set as "secure"',
    ),
    cause:
      'The cookie is to be Secure and the request came over plain http. express-session then stores the session and sends no cookie at all, without a word.',
    fix: "secure: 'auto', or secure only in production. Behind a TLS proxy: app.set('trust proxy', 1), and the proxy sends X-Forwarded-Proto.",
    lesson: 10,
  },
  'cookie-none': {
    says: reported(
      'had the "SameSite=None" attribute but did not have the "Secure" attribute',
      'has been rejected because it has the "SameSite=None" attribute but is missing the "secure" attribute',
      'has been rejected because it is in a cross-site context and its "SameSite" is "Lax" or "Strict"',
      'had the "SameSite=Lax" attribute but came from a cross-site response',
      'had the "SameSite=Strict" attribute but came from a cross-site response',
      'didn\'t specify a "SameSite" attribute',
    ),
    cause:
      'The page and the API are on two sites. A cookie goes there only with SameSite=None and Secure, so with https; some browsers refuse it even then.',
    fix: "cookie: { sameSite: 'none', secure: true } with https, CORS with credentials, fetch with credentials: 'include'. Better: both below one domain, and sameSite: 'lax'.",
    lesson: 10,
  },
  'cookie-domain': {
    says: reported(
      'its Domain attribute was invalid with regards to the current host url',
      'has been rejected for invalid domain',
      'because it had a "__Host-" or "__Secure-" prefix',
    ),
    cause: 'The cookie names a domain that the page is not on, or a prefix whose rules it does not keep.',
    fix: 'Leave domain out: the cookie then belongs to this host. __Host- needs Secure, Path=/ and no Domain.',
    lesson: 10,
  },
  'cors-missing': {
    says: reported(
      "No 'Access-Control-Allow-Origin' header is present on the requested resource",
      "CORS header 'Access-Control-Allow-Origin' missing",
      "The 'Access-Control-Allow-Origin' header has a value '…' that is not equal to the supplied origin",
      'CORS request did not succeed',
    ),
    cause:
      'The API does not allow this page by name, or it failed before the CORS middleware: look at its own error first.',
    fix: "app.use(cors({ origin: 'https://app.example.com', credentials: true })) above session() and the routes: scheme, host and port, no slash at the end.",
  },
  'cors-credentials': {
    says: reported(
      "must not be the wildcard '*' when the request's credentials mode is 'include'",
      "The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true'",
      'Credential is not supported if the CORS header',
      "expected 'true' in CORS header 'Access-Control-Allow-Credentials'",
    ),
    cause:
      'A request with cookies needs an answer that names the origin and says that credentials are allowed; a * is not enough.',
    fix: "cors({ origin: 'https://app.example.com', credentials: true }), and on the page fetch(url, { credentials: 'include' }). The cookie needs SameSite=None and Secure on another site.",
  },
  'cors-preflight': {
    says: reported(
      "Response to preflight request doesn't pass access control check",
      'CORS preflight channel did not succeed',
      'is not allowed by Access-Control-Allow-Headers in preflight response',
      'Redirect is not allowed for a preflight request',
    ),
    cause:
      'Before such a request the browser asks by OPTIONS, and the API answered with an error, a redirect to the login, or without the headers.',
    fix: 'Put cors() above session(), the guard and the routes, so that it answers OPTIONS itself.',
  },
  'redirect-loop': {
    says: reported(
      'ERR_TOO_MANY_REDIRECTS',
      'redirected you too many times',
      "The page isn't redirecting properly",
    ),
    cause:
      'The guard sends to the login and the login sends back: the session is not there after the login, because its cookie did not come back or was not saved.',
    fix: 'Look at the login under Network: is there a Set-Cookie, and is it sent with the next request? Redirect in the callback of req.session.save().',
    lesson: 7,
  },
  'two-apps': {
    says: [],
    cause:
      'Cookies have no port. Two apps on localhost with the same cookie name overwrite each other, and each logs the other out.',
    fix: "Give each session() a name of its own: name: 'shop.sid'.",
    lesson: 10,
  },
  'secret-changed': {
    says: [],
    cause:
      'The secret is made anew at each start, or differs between two instances: each signature made before is then wrong, and everybody is logged out.',
    fix: 'One secret in a variable, the same for all. To change it: secret: [new, old].',
    lesson: 11,
  },
} as const satisfies Record<string, Problem>;

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
    says: ['req.session.regenerate is not a function', 'req.session.save is not a function'],
    cause:
      'Passport 0.6 and later asks for a new session ID at the login. cookie-session, and other middleware than express-session, has no regenerate() and no save().',
    fix: 'Use express-session with a store. Passport 0.5 would accept it and leaves session fixation open.',
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
  'passport-initialize': {
    says: reported('passport.initialize() middleware not in use', 'req.isAuthenticated is not a function'),
    cause: 'The route runs before Passport has prepared the request.',
    fix: 'Put app.use(passport.session()) above the routes.',
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
