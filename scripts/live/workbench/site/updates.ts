import type { ServerResponse } from 'node:http';

/** A page that does not read what it is sent is given up at so many bytes, and so many pages are served at once. */
const MOST_WAITING = 1_000_000;
const MOST_PAGES = 20;
/** A comment now and then keeps the connection open on its way, in milliseconds. */
const BEAT = 25_000;

/** Sends the open pages what changes, as server-sent events. */
export class Updates {
  readonly #pages = new Set<ServerResponse>();
  readonly #beat = setInterval(() => this.#write(':\n\n'), BEAT);

  constructor() {
    this.#beat.unref();
  }

  get pages(): number {
    return this.#pages.size;
  }

  /** Takes a page's request for events. */
  connect(response: ServerResponse): void {
    const [oldest] = this.#pages;
    if (this.#pages.size >= MOST_PAGES) oldest?.destroy();
    this.#pages.add(response);
    response.once('close', () => this.#pages.delete(response));
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 1000\n\n');
  }

  send(event: string, data: unknown): void {
    this.#write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  close(): void {
    clearInterval(this.#beat);
    for (const page of this.#pages) page.destroy();
  }

  #write(text: string): void {
    for (const page of this.#pages) {
      if (page.writableLength > MOST_WAITING) page.destroy();
      else page.write(text);
    }
  }
}
