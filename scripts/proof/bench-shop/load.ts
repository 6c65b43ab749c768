import autocannon from 'autocannon';
import type { BenchPage } from './pages.ts';
import type { Visitor } from './visitor.ts';

/** How many requests run at a time, and how many shoppers take turns. */
export const CONNECTIONS = 10;

/** The result of one round of load. */
export interface Load {
  readonly perSecond: number;
  /** 99 of 100 answers came within this time, in milliseconds. */
  readonly p99: number;
  /** Requests that got no page: an error, no answer, or a status of 400 and more. */
  readonly failed: number;
}

/** Requests a page again and again, for that many seconds. The generator runs in a thread of its own. */
export async function load(
  url: string,
  page: BenchPage,
  askers: readonly Visitor[],
  seconds: number,
): Promise<Load> {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    workers: 1,
    requests: askers.length ? askers.map((asker) => request(page, asker)) : [request(page)],
  });
  return {
    perSecond: result.requests.total / result.duration,
    p99: result.latency.p99,
    failed: result['4xx'] + result['5xx'] + result.errors + result.timeouts,
  };
}

function request({ path, form }: BenchPage, asker?: Visitor): autocannon.Request {
  const cookie = asker && { cookie: asker.cookie };
  if (!form) return { method: 'GET', path, headers: { ...cookie } };
  return {
    method: 'POST',
    path,
    headers: { ...cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...form, ...(asker && { csrf: asker.csrf }) }).toString(),
  };
}
