/** A customer, as stored in MongoDB. */
export interface User {
  readonly _id: string;
  /** In lower case, and unique. */
  readonly email: string;
  /** argon2id, with salt and cost in front. The password itself is not stored. */
  readonly passwordHash: string;
  readonly signedUpAt: Date;
}

/** An order, as stored in MongoDB. Prices are those of the day: an order does not change with the catalogue. */
export interface Order {
  /** The cart's orderKey, so that the same cart can be ordered once. */
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
