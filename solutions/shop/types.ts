import type { Logger } from 'pino';
import '#shop/types.ts';

// The session's fields besides cart, flash and login, which are in lessons/shop/types.ts.
declare module 'express-session' {
  interface SessionData {
    /** The browser that logged in: 'Firefox on Linux'. */
    device?: string;
    /** Names the current content of the cart. It becomes the order's ID, so one cart is one order (checkout-routes.ts). */
    orderKey?: string;
  }
}

declare global {
  namespace Express {
    interface Request {
      /** Writes log lines with this request's ID. */
      log: Logger;
    }
  }
}
