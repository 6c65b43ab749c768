export interface Product {
  /** A readable slug. It names the product in forms, in carts and in the picture's file name. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Whole cents, because 0.1 + 0.2 is not 0.3 in floating point. */
  readonly priceInCents: number;
}

export const catalogue: readonly Product[] = [
  {
    id: 'mug',
    name: 'Enamel mug',
    description: 'Survives a fall, and every restart of the kettle.',
    priceInCents: 1400,
  },
  {
    id: 'notebook',
    name: 'Dotted notebook',
    description: 'Remembers what you wrote, even when the power is out.',
    priceInCents: 950,
  },
  {
    id: 'teapot',
    name: 'Stoneware teapot',
    description: 'Short, stout, and perfectly happy to answer 418.',
    priceInCents: 3800,
  },
  {
    id: 'cookie-tin',
    name: 'Tin of cookies',
    description: 'Twelve oat cookies, each one signed by the baker.',
    priceInCents: 1250,
  },
  {
    id: 'beans',
    name: 'Night-shift beans',
    description: 'A dark roast for the bug that only shows after ten.',
    priceInCents: 1600,
  },
  {
    id: 'pencils',
    name: 'Pot of pencils',
    description: 'Three colours and an eraser, for changes of mind.',
    priceInCents: 1175,
  },
  {
    id: 'lamp',
    name: 'Desk lamp',
    description: 'A warm pool of light that stays where you put it.',
    priceInCents: 5400,
  },
  {
    id: 'sandglass',
    name: 'Sandglass',
    description: 'Fourteen minutes, then it expires. Turn it to renew.',
    priceInCents: 2100,
  },
];

/** Takes any value, because browsers can send a wrong ID, two IDs, or nothing. */
export function findProduct(id: unknown): Product | undefined {
  return catalogue.find((product) => product.id === id);
}

/** `1400` becomes `$14.00`, `207900` `$2,079.00`. Without Intl.NumberFormat, which would slow each start of the shop. */
export function formatPrice(cents: number): string {
  return `$${(cents / 100).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',')}`;
}
