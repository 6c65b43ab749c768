/**
 * An error with the status of the response. `errorPage` has words for the shopper for 413 and for 503.
 * @param message for the log. Shoppers do not see it, but many other people do: it must contain no secret
 */
export function httpError(status: number, message: string): Error {
  return Object.assign(new Error(message), { status });
}
