import type { Logger } from 'pino';
import '#shop/types.ts';

// What this shop keeps in a session beyond cart, flash and login, which lessons/shop/types.ts names.
declare module 'express-session' {
  interface SessionData {
    /** The browser that logged in, in words: 'Firefox on Linux'. */
    device?: string;
    /** Names the cart as it is now. It becomes the order's ID, so one cart is one order (checkout-routes.ts). */
    orderKey?: string;
  }
}

declare global {
  namespace Express {
    interface Request {
      /** Writes log lines that carry this request's ID. */
      log: Logger;
    }
  }
}
