import { once } from 'node:events';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';

/** How long a host may take to answer, all redirects included, in milliseconds. */
const ANSWER_WITHIN = 2000;
/** The number of redirects that mongodb-memory-server follows by default (MONGOMS_MAX_REDIRECTS). */
const REDIRECTS = 2;
/** A server that does not support HEAD (RFC 9110, 15.5.6 and 15.6.2) is still there. */
const KNOWS_NO_HEAD = [405, 501];

/** Thrown when a host has no download: the message is half a sentence, such as "example.org cannot be reached (ENOTFOUND)". */
export class Unavailable extends Error {}

/**
 * Asks how large a file is, in bytes; undefined when the host does not say. `options` are those of the download itself,
 * so a proxy is used as well.
 * @throws {Unavailable} when the host does not answer in time, or has no such file
 */
export async function sizeOf(url: URL, options: RequestOptions): Promise<number | undefined> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN);
  let target = url;
  for (let redirects = 0; redirects <= REDIRECTS; redirects++) {
    const { statusCode = 0, headers } = await head(target, options, signal);
    if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
      target = new URL(headers.location, target);
      continue;
    }
    if (KNOWS_NO_HEAD.includes(statusCode)) return undefined;
    if (statusCode === 403 || statusCode === 404) {
      throw new Unavailable(`${target.host} has no mongod for this system (HTTP ${statusCode})`);
    }
    if (statusCode !== 200) throw new Unavailable(`${target.host} answered HTTP ${statusCode}`);
    return Number(headers['content-length']) || undefined;
  }
  throw new Unavailable(`${url.host} redirects without end`);
}

async function head(url: URL, options: RequestOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const request = (url.protocol === 'http:' ? http : https).request(url, { ...options, method: 'HEAD' });
  // `once` handles an error below; a later one changes nothing.
  request.on('error', () => {});
  try {
    // Not the request's own signal: while an agent is still connecting to a proxy it would not end the wait.
    const answered = once(request, 'response', { signal });
    request.end();
    const [response] = (await answered) as [IncomingMessage];
    return response.resume();
  } catch (error) {
    request.destroy();
    if (signal.aborted) throw new Unavailable(`${url.host} did not answer within ${ANSWER_WITHIN / 1000} s`);
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Unavailable(`${url.host} cannot be reached (${code ?? message})`);
  }
}
