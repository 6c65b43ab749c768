import type { Route } from '../app/running-app.ts';
import type { Account } from './account.ts';
import type { Action } from './action.ts';
import { crawl, type Seen } from './crawl.ts';
import { offered, routed } from './form-kinds.ts';
import { findProbe } from './probe.ts';
import type { Exchange, Visitor } from './visitor.ts';
import type { Flow, Way } from './way.ts';

/** How many pages are opened, for a stranger and for a user. Fewer after a page has ended the app. */
export const MOST_PAGES = 25;

/** What is known when a visitor may be logged in. */
interface Surroundings {
  readonly account: Account;
  readonly routes: readonly Route[];
  readonly pages: readonly Seen[];
  readonly answer?: Exchange;
  readonly flow: Flow;
  /** How many pages to open. */
  readonly most: number;
  /** Paths that never answered a stranger. */
  readonly unanswered: Set<string>;
  /** Whether there is no visitor with a wrong password to compare with: see findProbe. */
  readonly sure?: boolean;
}

/** What a visitor who may be logged in finds; undefined when no page shows that they are. */
export async function inside(
  visitor: Visitor,
  others: readonly Visitor[],
  { account, routes, pages, answer, flow, most, unanswered, sure }: Surroundings,
): Promise<Pick<Way, 'logOut' | 'everywhere' | 'change' | 'probe' | 'ownPages'> | undefined> {
  const ownPages = await crawl(visitor, routes, most, ['/'], unanswered);
  const paths = [
    ...(flow.private ? [flow.private] : []),
    ...(answer ? [answer.path] : []),
    ...ownPages.map(({ asked }) => asked),
    ...pages.map(({ asked }) => asked),
  ];
  const probe = await findProbe([...new Set(paths)], visitor, others, account, sure);
  if (!probe) return undefined;
  const [logOut] = flow.logOut
    ? [flow.logOut]
    : [...offered('logOut', ownPages, visitor), ...routed('logOut', routes)];
  const [everywhere] = flow.everywhere ? [flow.everywhere] : offered('everywhere', ownPages, visitor);
  const [change] = flow.change ? [flow.change] : offered('change', ownPages, visitor);
  return { logOut, everywhere, change, probe, ownPages };
}

/** Looks again at the pages where an app may list a user's devices. */
export async function onTwoDevices(visitor: Visitor, ownPages: readonly Seen[]): Promise<Action | undefined> {
  const listing = ownPages.filter(({ asked }) => DEVICES.test(asked)).slice(0, MOST_LISTINGS);
  const pages: Seen[] = [];
  for (const { asked } of listing) pages.push(...(await crawl(visitor, [], 1, [asked])));
  return offered('everywhere', pages, visitor)[0];
}

const DEVICES = /devices?|sessions?|security|account|profile|settings/i;
const MOST_LISTINGS = 4;
