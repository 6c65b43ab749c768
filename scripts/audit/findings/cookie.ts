import { AppDown } from '../app/running-app.ts';
import { NoAnswer } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';
import { anySessionCookie, type SetSession } from './baseline.ts';
import { told } from './evidence.ts';
import { advise, type Finding, mend, ok } from './finding.ts';
import { IN_PRODUCTION, inProduction } from './production.ts';

/** Default names that reveal the library. */
const DEFAULT_NAMES: Readonly<Record<string, string>> = {
  'connect.sid': 'express-session',
  'express:sess': 'cookie-session 1',
};

/** The session cookie: name, HttpOnly, SameSite. That of production counts where it is another. */
export async function checkCookie(context: AuditContext): Promise<Finding[]> {
  const { cookie, evidence, where } = await judgedCookie(context);
  const { httpOnly, sameSite, secure, key: name } = cookie;
  return [
    httpOnly
      ? ok('cookie-http-only', `scripts cannot read it${where}`, evidence)
      : mend('cookie-http-only', `any script of a page can read it${where}`, evidence),
    ofSameSite(sameSite, secure, where, evidence),
    name in DEFAULT_NAMES
      ? advise('cookie-name', `its name is ${name}, the default of ${DEFAULT_NAMES[name]}`, evidence)
      : ok('cookie-name', `its name is ${name}`, evidence),
  ];
}

/** The cookie of production where it is another than on a developer's machine. @throws {NotTestable} without any */
export async function judgedCookie(
  context: AuditContext,
): Promise<{ cookie: SetSession['cookie']; evidence: string[]; where: string }> {
  const here = await anySessionCookie(context);
  const there = await productionCookie(context);
  const flags = ({ cookie: { httpOnly, sameSite, key } }: SetSession) =>
    JSON.stringify([httpOnly, sameSite ?? '', key]).toLowerCase();
  if (!there || flags(there) === flags(here))
    return { cookie: there?.cookie ?? here.cookie, evidence: told(here.exchange), where: '' };
  const evidence = [IN_PRODUCTION, ...told(there.exchange)];
  return { cookie: there.cookie, evidence, where: ' in production' };
}

async function productionCookie(context: AuditContext): Promise<SetSession | undefined> {
  try {
    return (await inProduction(context)).set;
  } catch (error) {
    if (error instanceof AppDown || error instanceof NoAnswer) return undefined;
    throw error;
  }
}

function ofSameSite(
  sameSite: string | undefined,
  secure: boolean,
  where: string,
  evidence: readonly string[],
): Finding {
  const id = 'cookie-same-site';
  const value = sameSite?.toLowerCase();
  if (value === 'lax' || value === 'strict') return ok(id, `SameSite=${sameSite}${where}`, evidence);
  if (value === 'none') {
    return secure
      ? advise(id, `SameSite=None${where}: it is sent along with requests of every site`, evidence)
      : {
          ...mend(id, `SameSite=None without Secure${where}: browsers refuse such a cookie`, evidence),
          fix: "cookie.sameSite: 'lax'. 'none' only where a page of another site needs the cookie, and then with Secure.",
        };
  }
  return advise(
    id,
    `it has no SameSite${where}; what a browser does then differs from browser to browser`,
    evidence,
  );
}
