import type { Route } from '../app/running-app.ts';
import { isHtml } from './action.ts';
import { LOG_IN, LOG_OUT, SIGN_UP } from './fields.ts';
import { type Page, readPage } from './read-page.ts';
import { type Exchange, NoAnswer, type Visitor } from './visitor.ts';

/** A page as a visitor saw it. */
export interface Seen {
  /** The requested path. */
  readonly asked: string;
  /** The last exchange of its redirects. */
  readonly exchange: Exchange;
  /** All exchanges of the redirects. */
  readonly exchanges: readonly Exchange[];
  readonly page: Page | undefined;
}

/** Links that are never followed: they end the session, change something, or are no pages. */
const NOT_FOLLOWED =
  /log-?out|sign-?out|log-?off|delete|remove|destroy|unsubscribe|unlink|disconnect|deactivat|revoke|cancel|\.(?:pdf|zip|png|jpe?g|gif|svg|ico|css|js|map|woff2?|mp4|csv)(?:\?|$)/i;
/** How many pages without an answer mean that the app hangs. */
const MOST_SILENT = 3;
const USUAL = [
  '/',
  '/login',
  '/register',
  '/signup',
  '/users/login',
  '/users/register',
  '/account',
  '/profile',
  '/dashboard',
];

/**
 * Opens pages as a person would, login and sign-up first, and those of the app's routes.
 * @param most how many pages
 * @param first paths to begin with
 * @param unanswered paths that are skipped, since they never answer; found ones are added
 */
export async function crawl(
  visitor: Visitor,
  routes: readonly Route[],
  most: number,
  first: readonly string[] = ['/'],
  unanswered = new Set<string>(),
): Promise<Seen[]> {
  const known = routes
    .filter(({ method, path }) => (method === 'GET' || method === 'ALL') && !/[:*({]/.test(path))
    .map(({ path }) => path);
  const queue = [...new Set([...first, ...byRank(known), ...(known.length ? [] : USUAL)])];
  const asked = new Set<string>();
  const seen: Seen[] = [];
  let silent = 0;
  while (queue.length > 0 && seen.length < most && silent < MOST_SILENT) {
    const path = queue.shift() ?? '/';
    const key = withoutNumbers(path);
    if (asked.has(key) || unanswered.has(path) || NOT_FOLLOWED.test(path)) continue;
    asked.add(key);
    const exchanges = await visitor.follow(path).catch((error: unknown) => {
      // A page that never answers is skipped.
      if (!(error instanceof NoAnswer)) throw error;
      silent++;
      unanswered.add(path);
      return [];
    });
    const exchange = exchanges.at(-1);
    if (!exchange) continue;
    const page = isHtml(exchange) ? readPage(exchange.body) : undefined;
    seen.push({ asked: path, exchange, exchanges, page });
    const found = (page?.links ?? []).flatMap(({ href }) => visitor.pathOf(href, exchange.path) ?? []);
    queue.push(...byRank(found));
    queue.sort((a, b) => rank(b) - rank(a));
  }
  return seen;
}

const rank = (path: string) =>
  path === '/' ? 3 : LOG_IN.test(path) || SIGN_UP.test(path) ? 2 : LOG_OUT.test(path) ? 0 : 1;
const byRank = (paths: readonly string[]) => [...paths].sort((a, b) => rank(b) - rank(a));

/** Pages of one kind, such as those of a hundred products, count as one. */
const withoutNumbers = (path: string) =>
  path.replace(/\/(?:\d+|[0-9a-f]{24})(?=\/|$|\?)/g, '/1').replace(/=[^&]*/g, '=');
