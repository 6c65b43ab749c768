import { ShopProcess } from './shop-process.ts';

/**
 * Shop processes started ahead of their use, so that opening or restarting a shop does not wait for Node and
 * the packages to load.
 */
export class ShopPool {
  readonly #spares: ShopProcess[] = [];
  readonly #size: number;
  readonly #onOutput: ((text: string) => void) | undefined;
  #closed = false;

  /**
   * @param size how many to keep ready
   * @param onOutput gets what its processes print, as it comes
   */
  constructor(size: number, onOutput?: (text: string) => void) {
    this.#size = size;
    this.#onOutput = onOutput;
    this.#fill();
  }

  /** A process that has not run anything yet. Another is started in its place. */
  take(): ShopProcess {
    // A spare that the system has ended meanwhile (no memory, say) is dropped.
    let shop = this.#spares.shift();
    while (shop?.hasEnded) shop = this.#spares.shift();
    shop ??= new ShopProcess(this.#onOutput);
    this.#fill();
    return shop;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#spares.splice(0).map((spare) => spare.end()));
  }

  #fill(): void {
    while (!this.#closed && this.#spares.length < this.#size)
      this.#spares.push(new ShopProcess(this.#onOutput));
  }
}
