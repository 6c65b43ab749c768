import { type Problem, reported } from './problem.ts';

/** Express 5 and common middleware. */
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
