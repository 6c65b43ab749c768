import type { AuditContext } from './audit-context.ts';
import { anySessionCookie } from './baseline.ts';
import { told } from './evidence.ts';
import { advise, type Finding, mend, ok } from './finding.ts';

/** Default names that reveal the library. */
const DEFAULT_NAMES: Readonly<Record<string, string>> = {
  'connect.sid': 'express-session',
  'express:sess': 'cookie-session 1',
};

/** The session cookie as the app sets it on a developer's machine: name, HttpOnly, SameSite. */
export async function checkCookie(context: AuditContext): Promise<Finding[]> {
  const { cookie, exchange } = await anySessionCookie(context);
  const evidence = told(exchange);
  const { httpOnly, sameSite, secure, key: name } = cookie;
  return [
    httpOnly
      ? ok('cookie-http-only', 'scripts cannot read it', evidence)
      : mend('cookie-http-only', 'any script of a page can read it', evidence),
    ofSameSite(sameSite, secure, evidence),
    name in DEFAULT_NAMES
      ? advise('cookie-name', `its name is ${name}, the default of ${DEFAULT_NAMES[name]}`, evidence)
      : ok('cookie-name', `its name is ${name}`, evidence),
  ];
}

function ofSameSite(sameSite: string | undefined, secure: boolean, evidence: readonly string[]): Finding {
  const value = sameSite?.toLowerCase();
  if (value === 'lax' || value === 'strict') return ok('cookie-same-site', `SameSite=${sameSite}`, evidence);
  if (value === 'none') {
    return advise(
      'cookie-same-site',
      secure
        ? 'SameSite=None: it is sent along with requests of every site'
        : 'SameSite=None without Secure: browsers refuse such a cookie',
      evidence,
    );
  }
  return advise(
    'cookie-same-site',
    'it has no SameSite; what a browser does then differs from browser to browser',
    evidence,
  );
}
