import { csrfSync } from 'csrf-sync';
import type { Request, RequestHandler } from 'express';
import { isLoggedIn } from './login.ts';

/** A form that does not come from a page of this class. The error page reads the status. */
class ForeignForm extends Error {
  readonly status = 403;
}

const { generateToken, isRequestValid } = csrfSync({ getTokenFromRequest: (req) => req.body?.csrf });

/** Gives the instructor's session its token, unless it has one. */
export function giveToken(req: Request): void {
  generateToken(req);
}

const changesSomething = ({ method }: Request) => !['GET', 'HEAD', 'OPTIONS'].includes(method);

/** Refuses a form that the page of another site has sent. It covers the login, where there is no session yet. */
export const refuseOtherSites: RequestHandler = (req, _res, next) => {
  if (changesSomething(req) && isFromAnotherSite(req)) next(new ForeignForm());
  else next();
};

/** Refuses an instructor's form without the token of their session. Comes after the session and the body. */
export const demandToken: RequestHandler = (req, _res, next) => {
  if (changesSomething(req) && isLoggedIn(req) && !isRequestValid(req)) next(new ForeignForm());
  else next();
};

/** Browsers send one of these headers with each form. A program that sends neither carries nobody's cookies. */
function isFromAnotherSite(req: Request): boolean {
  const site = req.get('Sec-Fetch-Site');
  // 'none' is a form that its user sent again with a reload.
  if (site) return site !== 'same-origin' && site !== 'none';
  const origin = req.get('Origin');
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== req.host);
}
