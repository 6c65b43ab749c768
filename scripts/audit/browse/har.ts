import { UsageError } from '../../shared/errors.ts';
import { flowOfRequests } from './flow-of-requests.ts';
import type { RecordedRequest } from './recorded-request.ts';
import type { Flow } from './way.ts';

/** An entry of a HAR 1.2 file, the part that is needed. */
interface Entry {
  readonly startedDateTime?: string;
  readonly request?: RecordedRequest;
  readonly response?: { readonly status?: number; readonly content?: { readonly mimeType?: string } };
}

/**
 * The flow in a HAR file. Its cookies are not needed, and often missing: since Chrome 130 DevTools writes no Cookie, Set-Cookie
 * and Authorization headers unless its settings ask for them. Bodies are always there. DevTools and Playwright write a form as `text`,
 * and mostly as `params` too; JSON is only in `text`.
 * @throws {UsageError} when it is no HAR, or has no login in it
 */
export function flowOfHar(json: unknown, file: string): Flow {
  const entries = (json as { log?: { entries?: unknown } } | null)?.log?.entries;
  if (!Array.isArray(entries)) throw new UsageError(`${file} is no HAR file: it has no log.entries.`);
  // DevTools puts the last page first.
  const inOrder = (entries as Entry[]).toSorted((a, b) => begun(a) - begun(b));
  const requests = inOrder.flatMap(({ request, response }) =>
    request?.method && URL.canParse(request.url)
      ? [{ ...request, status: response?.status ?? 0, type: response?.content?.mimeType ?? '' }]
      : [],
  );
  return flowOfRequests(requests, file);
}

const begun = ({ startedDateTime }: Entry) => (startedDateTime ? Date.parse(startedDateTime) : 0);
