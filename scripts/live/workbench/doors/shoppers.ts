import { ShopperCookies } from './shopper-cookies.ts';

/** The shoppers of a workbench, in the order they come. Their doors are opened once, so that the page's rules can name them. */
export const NAMES = ['Ann', 'Ben', 'Mallory', 'Cy'] as const;

/** One shopper: a browser with a name. */
export interface ShopperState {
  readonly name: string;
  readonly cookies: ShopperCookies;
  /** Whether the page shows them. */
  isHere: boolean;
  /** The page they are on. */
  path: string;
}

/** All shoppers. @param now the clock of the shop and of its shoppers, in milliseconds */
export function newShoppers(now: () => number): ShopperState[] {
  return NAMES.map((name, i) => ({ name, cookies: new ShopperCookies(now), isHere: i < 2, path: '/' }));
}
