/** One product in a cart. It has no price on purpose: see `cart.ts`. */
export interface CartItem {
  productId: string;
  quantity: number;
}

// express-session leaves SessionData empty for the application. These are all fields that the shop
// stores in a session. All are optional, because every session starts without them.
declare module 'express-session' {
  interface SessionData {
    cart?: CartItem[];
    isLoggedIn?: boolean;
    userId?: string;
    /** When this user logged in, from Date.now() (lesson 9). */
    loggedInAt?: number;
    /** The shopper's note to the packer (lesson 10). */
    packingNote?: string;
    /** A message for the next page, shown once (lesson 8). */
    flash?: string;
  }
}
