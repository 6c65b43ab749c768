import { request } from 'node:http';
import { seconds } from './words.ts';

/** The answer to a request for a page, or that there was none. */
export interface Page {
  readonly status: number | undefined;
  readonly text: string;
  /** Whether the answer was complete. */
  readonly isWhole: boolean;
  readonly ms: number;
  /** '200 welcome after 0.0 s', 'no answer in 11 s' */
  readonly words: string;
}

/** A browser for the app of a store: one cookie, a new connection each time. */
export class Visitor {
  readonly #port: number;
  cookie = '';

  constructor(port: number, cookie = '') {
    this.#port = port;
    this.cookie = cookie;
  }

  /** Requests a page. It never rejects. */
  ask(path: string, limitMs = 10_000): Promise<Page> {
    const start = performance.now();
    const headers = this.cookie ? { cookie: this.cookie } : {};
    return new Promise((resolve) => {
      let text = '';
      let status: number | undefined;
      const done = (problem?: string) => {
        clearTimeout(limit);
        const ms = performance.now() - start;
        const what = status === undefined ? '' : `${status} ${text.trim()}`.replaceAll(/\s+/g, ' ');
        const words = [what, problem].filter(Boolean).join(', then ');
        resolve({ status, text, ms, isWhole: !problem, words: `${words} after ${seconds(ms)}` });
      };
      const limit = setTimeout(() => {
        done('nothing more');
        asked.destroy();
      }, limitMs);
      const asked = request(
        { host: '127.0.0.1', port: this.#port, path, headers, agent: false },
        (answer) => {
          status = answer.statusCode;
          const [set] = answer.headers['set-cookie'] ?? [];
          if (set) this.cookie = set.split(';')[0] ?? '';
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          answer.on('end', () => done());
          answer.on('error', () => done('the connection was cut'));
        },
      );
      asked.on('error', (error) => done(`no answer: ${error.message}`));
      asked.end();
    });
  }
}
