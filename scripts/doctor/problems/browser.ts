import { type Problem, reported } from './problem.ts';

/** Messages of browsers, and problems that they do not report. */
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
      'will be soon rejected because it has the "sameSite" attribute set to "none"',
      'A cookie associated with a cross-site resource at … was set without the `SameSite` attribute',
    ),
    cause:
      'The page and the API are on two sites. A cookie goes there only with SameSite=None and Secure, so with https; some browsers refuse it even then.',
    fix: "cookie: { sameSite: 'none', secure: true } with https, CORS with credentials, fetch with credentials: 'include'. Better: both below one domain, and sameSite: 'lax'.",
    lesson: 10,
  },
  'cookie-third-party': {
    says: reported(
      'has been rejected because it is foreign and does not have the "Partitioned" attribute',
      'Third-party cookie will be blocked',
      'was blocked due to user preferences',
      'Request to access cookie or storage on … was blocked because we are blocking all third-party',
    ),
    cause:
      'The page is on one site and the API on another. To the browser its cookie is that of a third party, and it refuses such cookies, whatever SameSite says.',
    fix: 'Bring both below one domain: www.example.com and api.example.com, or a proxy on the page’s host that passes /api on. Then sameSite: "lax" is enough.',
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
      'Not allowed by CORS',
      'is not allowed by Access-Control-Allow-Origin',
      'due to access control checks',
    ),
    cause:
      'The API does not allow this page by name, or it failed before the CORS middleware: look at its own error first.',
    fix: "app.use(cors({ origin: 'https://app.example.com', credentials: true })) above session() and the routes: scheme, host and port, no slash at the end.",
  },
  'cors-twice': {
    says: reported(
      "The 'Access-Control-Allow-Origin' header contains multiple values",
      'Multiple CORS header',
    ),
    cause:
      'Two places answer for CORS, such as the app and the proxy in front of it, or cors() and a header that is set by hand.',
    fix: 'Leave it to one of them: app.use(cors({ origin, credentials: true })) and no other header.',
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
    says: [
      {
        text: "Response to preflight request doesn't pass access control check",
        reported: true,
        echo: true,
      },
      ...reported(
        'It does not have HTTP ok status',
        'CORS preflight channel did not succeed',
        'is not allowed by Access-Control-Allow-Headers in preflight response',
        'Redirect is not allowed for a preflight request',
      ),
    ],
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
