import { ShopperCookies } from './shopper-cookies.ts';

/** The shoppers of a workbench, in the order they come. Their doors are opened once, so that the page's security policy can name them. */
export const NAMES = ['Ann', 'Ben', 'Mallory', 'Cy'] as const;

/** One shopper: a browser with a name. */
export interface ShopperState {
  readonly name: string;
  readonly cookies: ShopperCookies;
  /** Whether the page shows them. */
  isHere: boolean;
  /** The page they are on. */
  path: string;
  /** Whether their frame shows that there is no shop, or a page without its stylesheet. */
  isLost: boolean;
}

/** All shoppers. @param now the time of the shop and its shoppers, in milliseconds */
export function newShoppers(now: () => number): ShopperState[] {
  return NAMES.map((name, i) => ({
    name,
    cookies: new ShopperCookies(now),
    isHere: i < 2,
    path: '/',
    isLost: false,
  }));
}
