import { csrfSync } from 'csrf-sync';
import type { Request, RequestHandler } from 'express';
import { hasSession } from './sessions.ts';

/** A form that did not come from a page of this shop, or not from a page of this session. */
export class ForeignForm extends Error {
  readonly status = 403;
  constructor(why: string) {
    super(why);
    this.name = 'ForeignForm';
  }
}

const { generateToken, isRequestValid } = csrfSync({
  size: 32,
  getTokenFromRequest: (req) => req.body?.csrf,
});

/** Gives the session its token, unless it has one. Called when a session is stored anyway, so that no page needs to write. */
export function giveToken(req: Request): void {
  generateToken(req);
}

const changesSomething = ({ method }: Request) => !['GET', 'HEAD', 'OPTIONS'].includes(method);

/**
 * Refuses a form that the page of another site has sent. It also protects visitors without a session, who have no token: another site
 * could log them in as somebody else.
 */
export const refuseOtherSites: RequestHandler = (req, _res, next) => {
  if (changesSomething(req) && isFromElsewhere(req))
    next(new ForeignForm('The form came from another site.'));
  else next();
};

/** Refuses a form without the session's own token. Comes after the session, and after the body has been read. */
export const demandToken: RequestHandler = (req, _res, next) => {
  const needed = changesSomething(req) && hasSession(req);
  if (needed && !isRequestValid(req)) next(new ForeignForm('The form has not the token of this session.'));
  else next();
};

/** Browsers send one of these headers with each form. A program that sends neither carries nobody's cookies. */
function isFromElsewhere(req: Request): boolean {
  const site = req.get('Sec-Fetch-Site');
  // 'none' is a form that its user sent again with a reload.
  if (site) return site !== 'same-origin' && site !== 'none';
  const origin = req.get('Origin');
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== req.host);
}
