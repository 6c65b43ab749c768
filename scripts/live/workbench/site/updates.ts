import type { ServerResponse } from 'node:http';

/** How many bytes may wait for a page until it is dropped, and how many pages are served at once. */
const MOST_WAITING = 1_000_000;
const MOST_PAGES = 20;
/** How often a comment is sent, in milliseconds: it keeps the connection open through proxies. */
const BEAT = 25_000;

/** Sends changes to the open pages, as server-sent events. */
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
