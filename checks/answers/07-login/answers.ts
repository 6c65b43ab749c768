import { cookieMistakes } from '#checks/support/cookie-mistakes.ts';
import { right, wrong } from '#grader/check/recorded.ts';

const REGENERATE = '  await regenerate(req);\n';
const FLAGS = `  req.session.isLoggedIn = true;
  req.session.userId = user.id;
`;
const REDIRECT = "  await save(req);\n  res.redirect(303, '/account');\n";
const LOG_IN = `${REGENERATE}  // req.session is another object now, and empty. Two flags are all that later requests need.
${FLAGS}${REDIRECT}`;
const DESTROY = '  await destroy(req);\n';
const LOG_OUT = `${DESTROY}  // destroy() tells the browser nothing. The cookie goes when its name and path are the same.
  res.clearCookie('connect.sid');
  res.redirect(303, '/');
`;
const HELPERS = "import { destroy, regenerate, save } from '#shop/session-promises.ts';\n";
const WITH_NEXT = [
  'logOut: RequestHandler = async (req, res)',
  'logOut: RequestHandler = (req, res, next)',
] as const;
const GUARD = `  if (req.session.isLoggedIn) next();
  else res.redirect(303, '/login');
`;
const AUTHENTICATE = '  const user = await authenticate(email, password);\n';
const SHOW_ACCOUNT = "res.render('account', { user: findUser(req.session.userId) });";

export default [
  wrong(
    'the guard calls next(), and redirects all the same',
    {
      'auth.ts': [[GUARD, "  if (req.session.isLoggedIn) next();\n  res.redirect(303, '/login');\n"]],
    },
    '7.1',
    'Neither next() nor res.redirect() ends a function',
  ),
  wrong(
    'the guard assigns where it asks',
    { 'auth.ts': [['if (req.session.isLoggedIn) next();', 'if ((req.session.isLoggedIn = true)) next();']] },
    '7.4',
    'the guard puts it there itself',
  ),
  wrong(
    'the guard shows the login page in place of the account',
    { 'auth.ts': [["else res.redirect(303, '/login');", "else res.render('login', {});"]] },
    '7.4',
    'requireLogin answers with a page of its own',
  ),
  wrong(
    'the guard gives the status behind the address',
    { 'auth.ts': [["res.redirect(303, '/login')", "res.redirect('/login', 303 as never)"]] },
    '7.4',
    'The status comes first',
  ),
  right('the guard redirects to an address that begins at the page', {
    'auth.ts': [["res.redirect(303, '/login')", "res.redirect('login')"]],
  }),
  wrong(
    'who is logged in is a set of IDs in memory',
    {
      'auth.ts': [
        [FLAGS, `${FLAGS}  loggedIn.add(req.sessionID);\n`],
        ['if (req.session.isLoggedIn) next();', 'if (loggedIn.has(req.sessionID)) next();'],
        ['/** Ends the session. */', 'const loggedIn = new Set<string>();\n\n/** Ends the session. */'],
      ],
    },
    '7.4',
    'the memory of the old one',
  ),
  wrong(
    'the error of regenerate is caught',
    { 'auth.ts': [[REGENERATE, '  try {\n    await regenerate(req);\n  } catch {}\n']] },
    '7.3',
    'The session could not be deleted under its old ID',
  ),
  wrong(
    'the error of save is printed, and the redirect follows',
    {
      'auth.ts': [
        [
          REDIRECT,
          "  req.session.save((error) => {\n    if (error) console.error('not saved');\n    res.redirect(303, '/account');\n  });\n",
        ],
      ],
    },
    '7.3',
    'The session could not be stored',
  ),
  wrong(
    'the error of the whole login is caught, and answers nobody',
    {
      'auth.ts': [
        [
          LOG_IN,
          `  try {\n${REGENERATE}${FLAGS}${REDIRECT}  } catch (error) {\n    console.error('no login');\n  }\n`,
        ],
      ],
    },
    '7.3',
    'of the session failed, and nothing ended the response',
  ),
  wrong(
    'the flags are fields of a user in the session',
    { 'auth.ts': [[FLAGS, '  (req.session as any).user = { isLoggedIn: true, userId: user.id };\n']] },
    '7.1',
    'user.isLoggedIn',
  ),
  wrong(
    'the ID of the request is changed by hand',
    { 'auth.ts': [[REGENERATE, '  req.sessionID = String(Math.random());\n']] },
    '7.1',
    'stored under another ID than the one in the cookie',
  ),
  wrong(
    'the cookie is cleared when the redirect is on its way',
    {
      'auth.ts': [
        [
          "  res.clearCookie('connect.sid');\n  res.redirect(303, '/');\n",
          "  res.redirect(303, '/');\n  res.clearCookie('connect.sid');\n",
        ],
      ],
    },
    '7.5',
    'Clear it above the redirect',
  ),
  wrong(
    'the login is answered with 307',
    { 'auth.ts': [["res.redirect(303, '/account')", "res.redirect(307, '/account')"]] },
    '7.1',
    'send the same form again',
  ),
  wrong(
    'the login goes on after the 401',
    { 'auth.ts': [['    return;\n', '']] },
    '7.6',
    'return after the 401',
  ),
  wrong(
    'attempts are counted in the session',
    {
      'auth.ts': [
        [
          '    res.status(401)',
          '    (req.session as any).attempts = 1 + ((req.session as any).attempts ?? 0);\n    res.status(401)',
        ],
      ],
    },
    '7.6',
    'Nobody logged in, so nothing may change',
  ),
  wrong(
    'userId is set after the save',
    {
      'auth.ts': [
        [
          `${FLAGS}  await save(req);\n`,
          '  req.session.isLoggedIn = true;\n  await save(req);\n  req.session.userId = user.id;\n',
        ],
      ],
    },
    '7.3',
    'the session was saved first, and changed after that',
  ),
  wrong(
    'the name of the user is stored as well',
    { 'auth.ts': [[FLAGS, `${FLAGS}  (req.session as any).userName = user.name;\n`]] },
    '7.2',
    'More of the user than the ID went into the session',
  ),
  wrong(
    'the guard is the wrong way round',
    { 'auth.ts': [['if (req.session.isLoggedIn) next();', 'if (!req.session.isLoggedIn) next();']] },
    '7.1',
    'the guard does not let its user pass. For who is logged in it calls next()',
  ),
  wrong(
    'the guard names a Location, and no status',
    { 'auth.ts': [[GUARD, "  if (req.session.isLoggedIn) next();\n  else res.location('/login').end();\n"]] },
    '7.4',
    'The answer names /login as Location, and its status is 200',
  ),
  wrong(
    'a callback throws the error of the save',
    {
      'auth.ts': [
        [
          REDIRECT,
          "  req.session.save((error) => {\n    if (error) throw error;\n    res.redirect(303, '/account');\n  });\n",
        ],
      ],
    },
    '7.3',
    'the error ended the whole process',
  ),
  wrong(
    'a callback throws the error of the logout',
    {
      'auth.ts': [
        [
          LOG_OUT,
          "  req.session.destroy((error) => {\n    if (error) throw error;\n    res.clearCookie('connect.sid');\n    res.redirect(303, '/');\n  });\n",
        ],
      ],
    },
    '7.5',
    'the error ended the whole process',
  ),
  wrong(
    'logout gives the cookie an empty value',
    { 'auth.ts': [["res.clearCookie('connect.sid')", "res.cookie('connect.sid', '')"]] },
    '7.5',
    'The cookie has no value now, and no end that has come',
  ),
  right('logout sends its cookie with an end that has come', {
    'auth.ts': [["res.clearCookie('connect.sid')", "res.cookie('connect.sid', '', { maxAge: 0 })"]],
  }),
  wrong(
    'logout answers with a page',
    { 'auth.ts': [[LOG_OUT, LOG_OUT.replace("res.redirect(303, '/');", "res.send('bye');")]] },
    '7.5',
    'A reload of it sends the form again: answer with a redirect',
  ),
  right('saved twice, the second time with the rest', {
    'auth.ts': [
      [
        `${FLAGS}  await save(req);\n`,
        '  req.session.isLoggedIn = true;\n  await save(req);\n  req.session.userId = user.id;\n  await save(req);\n',
      ],
    ],
  }),
  wrong(
    'authenticate is not waited for: a promise is true, whoever asks',
    {
      'auth.ts': [
        [
          AUTHENTICATE,
          AUTHENTICATE.replace('await authenticate(email, password)', 'authenticate(email, password) as any'),
        ],
      ],
    },
    '7.1',
    'authenticate() returns a promise, which is true whoever asks',
  ),
  wrong(
    'logout deletes the two flags',
    {
      'auth.ts': [
        [
          DESTROY,
          '  delete (req.session as any).isLoggedIn;\n  delete (req.session as any).userId;\n  await save(req);\n',
        ],
      ],
    },
    '7.5',
    'The flags were taken out of a session that lives on',
  ),
  wrong(
    'logout ends the cookie by its maxAge',
    { 'auth.ts': [[DESTROY, '  req.session.cookie.maxAge = 0;\n']] },
    '7.5',
    'the session lives on: whoever has a copy of the cookie is still Ada',
  ),
  wrong(
    'logout sets req.session to null',
    { 'auth.ts': [[DESTROY, '  (req as any).session = null;\n']] },
    '7.5',
    'set it to null before its answer',
  ),
  wrong(
    'logout clears a cookie of another name',
    { 'auth.ts': [["res.clearCookie('connect.sid');", "res.clearCookie('session');"]] },
    '7.5',
    'The logout clears a cookie called session',
  ),
  wrong(
    'the guard redirects, and goes on all the same',
    { 'auth.ts': [[GUARD, "  if (!req.session.isLoggedIn) res.redirect(303, '/login');\n  next();\n"]] },
    '7.2',
    'One request is answered twice',
  ),
  wrong(
    'no regenerate: the flags go into the session that the visitor came with',
    { 'auth.ts': [[LOG_IN, FLAGS + REDIRECT]] },
    '7.1',
    'session fixation',
  ),
  wrong(
    'the flags are set before regenerate',
    {
      'auth.ts': [
        [FLAGS, ''],
        [REGENERATE, `${FLAGS}${REGENERATE}`],
      ],
    },
    '7.1',
    'What is put there before goes with the old session',
  ),
  wrong(
    'a new session is made, and the old one is left in the store',
    { 'auth.ts': [[LOG_IN, `  req.sessionStore.generate(req);\n${FLAGS}${REDIRECT}`]] },
    '7.1',
    'the old one was left behind',
  ),
  wrong(
    'isLoggedIn alone',
    { 'auth.ts': [['  req.session.userId = user.id;\n', '']] },
    '7.1',
    'userId is missing',
  ),
  wrong(
    'the whole user is stored',
    { 'auth.ts': [[FLAGS, `${FLAGS}  Object.assign(req.session, { user });\n`]] },
    '7.2',
    'the password of Ada, in clear or as its hash',
  ),
  wrong(
    'the user is stored without the hash',
    {
      'auth.ts': [
        [
          FLAGS,
          `${FLAGS}  const { passwordHash, ...profile } = user;\n  Object.assign(req.session, { profile });\n`,
        ],
      ],
    },
    '7.2',
    'of Ada her email',
  ),
  wrong(
    'the password is kept, to ask for it less often',
    { 'auth.ts': [[FLAGS, `${FLAGS}  Object.assign(req.session, { password });\n`]] },
    '7.2',
    'the password of Ada',
  ),
  wrong(
    'isLoggedIn is the word "yes"',
    { 'auth.ts': [['req.session.isLoggedIn = true', "req.session.isLoggedIn = 'yes' as never"]] },
    '7.2',
    'isLoggedIn, which is true',
  ),
  wrong(
    'the redirect is sent before the save',
    { 'auth.ts': [[REDIRECT, "  res.redirect(303, '/account');\n"]] },
    '7.3',
    'The answer left',
  ),
  wrong(
    'save is called, and not waited for',
    { 'auth.ts': [[REDIRECT, "  req.session.save();\n  res.redirect(303, '/account');\n"]] },
    '7.3',
    'The answer left',
  ),
  wrong(
    'the guard lets everybody pass',
    { 'auth.ts': [[GUARD, '  next();\n']] },
    '7.4',
    'requireLogin lets everybody pass',
  ),
  wrong(
    'the guard asks whether there is a session',
    { 'auth.ts': [['if (req.session.isLoggedIn) next()', "if (req.get('cookie')) next()"]] },
    '7.4',
    'not at whether there is a session',
  ),
  wrong(
    'who is logged in is a flag of the whole shop',
    {
      'auth.ts': [
        [FLAGS, `${FLAGS}  req.app.locals.isLoggedIn = true;\n`],
        ['if (req.session.isLoggedIn) next()', 'if (req.app.locals.isLoggedIn) next()'],
      ],
    },
    '7.4',
    'a place that all requests share',
  ),
  wrong(
    'logout sets isLoggedIn to false',
    {
      'auth.ts': [
        [LOG_OUT, "  req.session.isLoggedIn = false;\n  await save(req);\n  res.redirect(303, '/');\n"],
      ],
    },
    '7.5',
    'a note in a session that lives on',
  ),
  wrong(
    'logout clears the cookie and leaves the session',
    { 'auth.ts': [[LOG_OUT, "  res.clearCookie('connect.sid');\n  res.redirect(303, '/');\n"]] },
    '7.5',
    'The cookie is cleared in one browser',
  ),
  wrong(
    'logout destroys the session and leaves the cookie',
    { 'auth.ts': [["  res.clearCookie('connect.sid');\n", '']] },
    '7.5',
    'destroy() sends no Set-Cookie',
  ),
  wrong(
    'logout clears the cookie on another path',
    { 'auth.ts': [["clearCookie('connect.sid')", "clearCookie('connect.sid', { path: '/account' })"]] },
    '7.5',
    'when name and path are those it was set with',
  ),
  wrong(
    'logout does not wait for destroy',
    {
      'auth.ts': [
        [
          LOG_OUT,
          "  req.session.destroy(() => {});\n  res.clearCookie('connect.sid');\n  res.redirect(303, '/');\n",
        ],
      ],
    },
    '7.5',
    'before the session was deleted',
  ),
  wrong(
    'a new session before the password is looked at',
    {
      'auth.ts': [[AUTHENTICATE, `${REGENERATE}${AUTHENTICATE}`]],
    },
    '7.6',
    'Nobody logged in, so nothing may change',
  ),
  wrong(
    'the answer says whether there is such an account',
    {
      'auth.ts': [
        ['import { authenticate }', 'import { authenticate, findUserByEmail }'],
        [
          "problem: 'There is no account with this email and password.'",
          "problem: findUserByEmail(email) ? 'Wrong password.' : 'No such account.'",
        ],
      ],
    },
    '7.6',
    'which of them have an account',
  ),
  wrong(
    'the current user is kept in app.locals',
    {
      'auth.ts': [[FLAGS, `${FLAGS}  req.app.locals.currentUser = user.id;\n`]],
      'app.ts': [[SHOW_ACCOUNT, SHOW_ACCOUNT.replace('req.session.userId', 'req.app.locals.currentUser')]],
    },
    '7.7',
    'a place that all requests share',
  ),
  wrong(
    'logout clears the whole store',
    {
      'auth.ts': [
        [
          DESTROY,
          '  await new Promise<void>((done, fail) => req.sessionStore.clear?.((error) => (error ? fail(error) : done())));\n  req.session = null as never;\n',
        ],
      ],
    },
    '7.7',
    'Grace logged out, and Ada with her',
  ),
  wrong(
    'logout says goodbye, whatever became of the session',
    {
      'auth.ts': [[DESTROY, '  await destroy(req).catch(() => {});\n']],
    },
    '7.5',
    'The error of destroy() answers the request',
  ),
  ...cookieMistakes({
    from: '      saveUninitialized: false,\n',
    to: (option) => `      saveUninitialized: false,\n      cookie: { ${option} },\n`,
    unsent: '7.1',
    missing: '7.1',
    dropped: '7.1',
  }),
  wrong(
    'a maxAge that is no number',
    {
      'app.ts': [
        ['saveUninitialized: false,', 'saveUninitialized: false, cookie: { maxAge: Number(undefined) },'],
      ],
    },
    '7.1',
    'cookie.maxAge is NaN',
  ),
  wrong(
    'save and redirect stand behind regenerate, not in its callback',
    {
      'auth.ts': [
        [
          LOG_IN,
          `  req.session.regenerate(() => {});\n${FLAGS}  req.session.save(() => res.redirect(303, '/account'));\n`,
        ],
      ],
    },
    '7.1',
    'regenerate() was still at work when the session was saved',
  ),
  wrong(
    'regenerate is called without a callback',
    { 'auth.ts': [[REGENERATE, '  await (req.session.regenerate as any)();\n']] },
    '7.1',
    'called without its callback',
  ),
  wrong(
    'a flag is set after destroy',
    { 'auth.ts': [[DESTROY, `${DESTROY}  req.session.isLoggedIn = false;\n`]] },
    '7.5',
    'destroy() has taken req.session away',
  ),
  wrong(
    'an ObjectId of another bson than the driver’s',
    {
      'auth.ts': [
        [HELPERS, `${HELPERS}import { ObjectId } from 'bson';\n`],
        ['req.session.userId = user.id', '(req.session as any).userId = new ObjectId()'],
      ],
    },
    '7.1',
    'String(user._id)',
  ),
  wrong(
    'a user of the request that nobody put there',
    { 'auth.ts': [['  req.session.userId = user.id;', '  req.session.userId = (req as any).user.id;']] },
    '7.1',
    '(req as any).user is undefined when this line asks for its id',
  ),
  wrong(
    'the login leads to a page that is not there',
    { 'auth.ts': [["res.redirect(303, '/account')", "res.redirect(303, '/acount')"]] },
    '7.1',
    'redirects to /acount, and the shop has no page there',
  ),
  wrong(
    'authenticate is not given the password',
    { 'auth.ts': [['authenticate(email, password)', 'authenticate(email, undefined)']] },
    '7.1',
    'The login was answered by the login page again (401)',
  ),
  wrong(
    'the flags go into the session that a variable still holds',
    {
      'auth.ts': [
        [REGENERATE, `  const { session } = req;\n${REGENERATE}`],
        [FLAGS, '  session.isLoggedIn = true;\n  session.userId = user.id;\n'],
      ],
    },
    '7.1',
    'through a variable that still holds it',
  ),
  wrong(
    'userId is the email',
    { 'auth.ts': [['req.session.userId = user.id;', 'req.session.userId = user.email;']] },
    '7.1',
    'no user has the ID ada@example.com',
  ),
  wrong(
    'the session is replaced by the flags',
    { 'auth.ts': [[FLAGS, '  req.session = { isLoggedIn: true, userId: user.id } as never;\n']] },
    '7.1',
    'replaced by an object of the answer',
  ),
  wrong(
    'the login answers with the account page',
    { 'auth.ts': [["res.redirect(303, '/account')", "res.render('account', { user })"]] },
    '7.3',
    'The form was answered with a page',
  ),
  wrong(
    'the guard leads to a page that is not there',
    { 'auth.ts': [["else res.redirect(303, '/login')", "else res.redirect(303, '/signin')"]] },
    '7.4',
    'sends who is not logged in to /signin',
  ),
  wrong(
    'the guard refuses, and leads nowhere',
    { 'auth.ts': [["else res.redirect(303, '/login')", "else res.status(403).send('Log in first.')"]] },
    '7.4',
    'requireLogin refuses with 403',
  ),
  wrong(
    'logout sets req.session to null',
    { 'auth.ts': [[DESTROY, '  req.session = null as never;\n']] },
    '7.5',
    'POST /logout had a req.session, and set it to null',
  ),
  right('save and redirect written out, and a guard that asks for the user', {
    'auth.ts': [
      [REDIRECT, "  req.session.save((problem) => (problem ? next(problem) : res.redirect('/account')));\n"],
      [
        GUARD,
        `  if (!req.session.userId) {
    res.redirect('/login');
    return;
  }
  res.locals.userId = req.session.userId;
  next();
`,
      ],
      ['logIn: RequestHandler = async (req, res)', 'logIn: RequestHandler = async (req, res, next)'],
    ],
  }),
  right('with callbacks, as express-session has them', {
    'auth.ts': [
      [
        LOG_IN,
        `  req.session.regenerate((error) => {
    if (error) {
      next(error);
      return;
    }
${FLAGS}    saveThenRedirect(req, res, next, '/account');
  });
`,
      ],
      [
        LOG_OUT,
        `  req.session.destroy((error) => {
    if (error) {
      next(error);
      return;
    }
    res.clearCookie('connect.sid');
    res.redirect(303, '/');
  });
`,
      ],
      ['logIn: RequestHandler = async (req, res)', 'logIn: RequestHandler = async (req, res, next)'],
      WITH_NEXT,
      [HELPERS, "import { saveThenRedirect } from '#shop/redirect.ts';\n"],
    ],
  }),
  right('promisify, at each call', {
    'auth.ts': [
      [
        LOG_IN,
        `  await promisify(req.session.regenerate).call(req.session);
  Object.assign(req.session, { isLoggedIn: true, userId: user.id, loggedInAt: Date.now() });
  await promisify(req.session.save).call(req.session);
  res.redirect('/account');
`,
      ],
      [
        LOG_OUT,
        `  void promisify(req.session.destroy)
    .call(req.session)
    .then(() => res.clearCookie('connect.sid', { path: '/' }).redirect('/login'), next);
`,
      ],
      WITH_NEXT,
      [HELPERS, ''],
      [
        "import type { RequestHandler } from 'express';\n",
        "import { promisify } from 'node:util';\nimport type { RequestHandler } from 'express';\n",
      ],
    ],
  }),
  right('a guard that remembers where the shopper wanted to go, and a refusal that redirects', {
    'auth.ts': [
      [
        "res.redirect(303, '/login');\n",
        "res.redirect('/login?to=' + encodeURIComponent(req.originalUrl));\n",
      ],
      [
        "    res.status(401).render('login', { email, problem: 'There is no account with this email and password.' });\n",
        "    res.redirect('/login?failed=yes');\n",
      ],
    ],
  }),
  right('logout by regenerate: the shopper gets a new, empty session', {
    'auth.ts': [
      [DESTROY, REGENERATE],
      ["  res.clearCookie('connect.sid');\n", ''],
    ],
  }),
  right('a cookie name of its own, cleared by that name', {
    'app.ts': [['      store,\n', "      store,\n      name: 'shop.sid',\n"]],
    'auth.ts': [["clearCookie('connect.sid')", "clearCookie('shop.sid', { path: '/', httpOnly: true })"]],
  }),
  right('a login in two steps: the second one sets the flags', {
    'auth.ts': [
      [FLAGS, '  (req.session as any).pending = user.id;\n'],
      ["res.redirect(303, '/account')", "res.redirect(303, '/login/done')"],
    ],
    'app.ts': [
      [
        "  app.post('/login', logIn);",
        `  app.get('/login/done', async (req, res) => {
    req.session.isLoggedIn = true;
    req.session.userId = (req.session as any).pending;
    await save(req);
    res.redirect(303, '/account');
  });
  app.post('/login', logIn);`,
      ],
    ],
  }),
  wrong(
    'the second redirect of a login leads to a page that is not there',
    {
      'auth.ts': [
        [FLAGS, ''],
        ["else res.redirect(303, '/login')", "else res.redirect(303, '/signin')"],
      ],
    },
    '7.1',
    'GET /account redirects to /signin, and the shop has no page there',
  ),
  wrong(
    'the page after the login begins a new session',
    {
      'auth.ts': [["res.redirect(303, '/account')", "res.redirect(303, '/login/done')"]],
      'app.ts': [
        [
          "  app.post('/login', logIn);",
          `  app.get('/login/done', (req, res) => req.session.regenerate(() => res.redirect(303, '/account')));
  app.post('/login', logIn);`,
        ],
      ],
    },
    '7.1',
    'In GET /login/done req.session.regenerate() is called',
  ),
  wrong(
    'guard and login page send a user to each other',
    {
      'auth.ts': [['if (req.session.isLoggedIn) next', 'if ((req.session as any).loggedIn) next']],
      'app.ts': [
        [
          "  app.get('/login', (_req, res) => {\n",
          "  app.get('/login', (req, res) => {\n    if (req.session.userId) return res.redirect(303, '/account');\n",
        ],
      ],
    },
    '7.1',
    'each of two pages sends them to the other',
  ),
  wrong(
    'redirect back, as Express 4 had it',
    { 'auth.ts': [["res.redirect(303, '/account')", "res.redirect('back')"]] },
    '7.1',
    'Express 5 takes back for a path',
  ),
  wrong(
    'the session is saved, and then the flags are set',
    {
      'auth.ts': [
        [FLAGS, ''],
        ['  await save(req);\n', `  await save(req);\n${FLAGS}`],
      ],
    },
    '7.3',
    'the session was saved first, and changed after that',
  ),
  wrong(
    'the flag has a small i in the middle',
    { 'auth.ts': [['  req.session.isLoggedIn = true;', '  (req.session as any).isLoggedin = true;']] },
    '7.1',
    'the document says isLoggedin',
  ),
  wrong(
    'the guard stands above the login',
    {
      'app.ts': [["  app.post('/login', logIn);", "  app.use(requireLogin);\n  app.post('/login', logIn);"]],
    },
    '7.1',
    'either a guard stands above the login itself',
  ),
  wrong(
    'the guard is called where it is mounted',
    { 'app.ts': [["app.get('/account', requireLogin,", "app.get('/account', (requireLogin as any)(),"]] },
    '7.1',
    'the handler was called where it should be passed on',
  ),
  wrong(
    'a failed login has the status of a good one',
    { 'auth.ts': [['res.status(401).render', 'res.render']] },
    '7.6',
    'the status says that all is well',
  ),
  wrong(
    'logout as Passport has it',
    { 'auth.ts': [['  await destroy(req);\n', '  await (req as any).logout();\n']] },
    '7.5',
    'Passport and connect-flash put such methods on the request',
  ),
];
