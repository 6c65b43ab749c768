import type { Evidence, Witnessed } from './evidence.ts';
import type { Told } from './failure.ts';

/** One cause of a failing step: what to say when its evidence is there, else undefined. */
export type Cause = (evidence: Evidence) => Told | undefined;

export const SESSION_CALL = [/\bsession\(\{?/, /express-session/];
export const COOKIE = [/\bcookie:/, ...SESSION_CALL];

/** Whether no session cookie went either way. */
export const isWithoutCookie = ({ exchange }: Witnessed) =>
  !exchange.sent.includes('=s%3A') && exchange.setCookieLines.length === 0;
/** Whether the request should have put something into the session. */
export const isOfShop = ({ exchange }: Witnessed) => /^POST \/(?:cart|login)\b/.test(exchange.sent);
export const has = ({ facts }: Witnessed, event: string) => facts?.events.includes(event) ?? false;
/** The keys of req.session when the answer was ended, without its cookie. */
export const kept = ({ facts }: Witnessed) => facts?.keys ?? [];
/** 'POST /cart' */
export const requestOf = ({ exchange }: Witnessed) => exchange.sent.split(/[\s,]+/, 2).join(' ');
