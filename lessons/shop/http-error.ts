/**
 * An error that says which status the response gets. `errorPage` has words for the shopper for 413 and for 503.
 * @param message for the log, which shoppers do not see and many other people do: nothing secret belongs into it
 */
export function httpError(status: number, message: string): Error {
  return Object.assign(new Error(message), { status });
}
