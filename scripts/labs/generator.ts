import { createRequire } from 'node:module';
import type autocannon from 'autocannon';
import { labPackage } from './packages.ts';

/** The load on a shop. Each connection is a shopper with a session of their own. */
export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** A Cookie header for each connection. */
  readonly cookies: readonly string[];
  /** The total number of requests. */
  readonly amount: number;
}

export interface Latencies {
  /** The latency of each request, in milliseconds. */
  readonly ms: readonly number[];
  readonly requestsPerSecond: number;
}

/** Sends the requests; each connection sends the next one after its answer. @throws {Error} when an answer is not 200 */
export async function generate({ url, method, cookies, amount }: Load): Promise<Latencies> {
  const cannon = createRequire(import.meta.url)(labPackage('autocannon')) as typeof autocannon;
  const ms: number[] = [];
  let next = 0;
  const setupClient = (client: autocannon.Client) => client.setHeaders({ cookie: cookies[next++] ?? '' });
  const start = performance.now();
  await new Promise<void>((resolve, reject) => {
    // autocannon ends up to a second late and rounds latencies to milliseconds, so its events are used.
    const run = cannon({ url, method, amount, connections: cookies.length, setupClient }, (error) => {
      if (error) reject(error);
    });
    run.on('reqError', reject);
    run.on('response', (_client, status, _bytes, took) => {
      if (status !== 200) reject(new Error(`${method} ${url} was answered with ${status}`));
      if (ms.push(took) === amount) resolve();
    });
  });
  return { ms, requestsPerSecond: (1000 * amount) / (performance.now() - start) };
}
