import { type CartLine, cartTotalInCents } from '#shop/cart.ts';
import type { Database } from './database.ts';
import type { Order } from './documents.ts';
import { isDuplicate } from './duplicate-key.ts';

/** How many orders the list of orders shows. */
const LATEST = 50;

/** The orders, in the collection `orders`. */
export class Orders {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores an order. Storing the same one again, after a second press of the button, changes nothing. */
  async place(id: string, userId: string, lines: readonly CartLine[], packingNote = ''): Promise<void> {
    const order: Order = {
      _id: id,
      userId,
      lines: lines.map(({ product, quantity, totalInCents }) => ({
        productId: product.id,
        name: product.name,
        quantity,
        totalInCents,
      })),
      totalInCents: cartTotalInCents(lines),
      packingNote,
      placedAt: new Date(),
    };
    try {
      // Resolves when most members of a replica set have it on disk, so that it survives a crash.
      await this.#database.orders.insertOne(order, { writeConcern: { w: 'majority', journal: true } });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  /** An order of this user; null when there is none, or when it is another user's. */
  find(id: unknown, userId: string): Promise<Order | null> {
    return this.#database.orders.findOne({ _id: String(id), userId });
  }

  /** The user's orders, the newest first. */
  ofUser(userId: string): Promise<Order[]> {
    return this.#database.orders.find({ userId }).sort({ placedAt: -1 }).limit(LATEST).toArray();
  }
}
