import { promisify } from 'node:util';
import type { Request } from 'express';

// express-session's methods take callbacks. An async handler can await these, and Express gets the error when one fails.

/** Deletes the session in the store. Afterwards `req.session` is a new, empty one with a new ID. */
export const regenerate = ({ session }: Request) => promisify(session.regenerate).call(session);

/** Stores the session. */
export const save = ({ session }: Request) => promisify(session.save).call(session);

/** Deletes the session in the store. Afterwards there is no `req.session`. */
export const destroy = ({ session }: Request) => promisify(session.destroy).call(session);
