/** One product in a cart. The price is missing on purpose: see `cart.ts`. */
export interface CartItem {
  productId: string;
  quantity: number;
}

// express-session leaves SessionData empty for the application to fill in: this is everything the shop
// ever keeps in a session. All of it is optional, because every session starts without it.
declare module 'express-session' {
  interface SessionData {
    cart?: CartItem[];
    isLoggedIn?: boolean;
    userId?: string;
    /** When this user logged in, as Date.now() said then (lesson 9). */
    loggedInAt?: number;
    /** What the shopper wrote to the packer (lesson 10). */
    packingNote?: string;
    /** A message for the next page, shown once (lesson 8). */
    flash?: string;
  }
}
