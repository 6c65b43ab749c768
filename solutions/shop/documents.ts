/** A customer, as MongoDB keeps them. */
export interface User {
  readonly _id: string;
  /** In lower case. No two users have the same. */
  readonly email: string;
  /** argon2id, with its salt and its cost written in front. The password itself is kept nowhere. */
  readonly passwordHash: string;
  readonly signedUpAt: Date;
}

/** An order, as MongoDB keeps it. Prices are those of the day: an order does not change with the catalogue. */
export interface Order {
  /** The cart's orderKey: the same cart can be ordered once. */
  readonly _id: string;
  readonly userId: string;
  readonly lines: readonly OrderLine[];
  readonly totalInCents: number;
  readonly packingNote: string;
  readonly placedAt: Date;
}

export interface OrderLine {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly totalInCents: number;
}
