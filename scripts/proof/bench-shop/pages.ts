import { customerWithCart, type Visitor, visitorWithCart } from './visitor.ts';

/** A page that is measured. */
export interface BenchPage {
  readonly name: string;
  readonly path: string;
  /** Makes the visitor who requests it; absent for any visitor. */
  readonly asker?: (url: string) => Promise<Visitor>;
  /** The form that is sent; absent for a page by GET. */
  readonly form?: Readonly<Record<string, string>>;
  /** The commands that it may cost on MongoDB, at most. */
  readonly allowed: readonly string[];
  /** Whether only its commands are counted, without load. */
  readonly countedOnly?: boolean;
}

export const PAGES: readonly BenchPage[] = [
  { name: 'look', path: '/', allowed: [] },
  { name: 'static file', path: '/shop.css', allowed: [], countedOnly: true },
  {
    name: 'add to cart',
    path: '/cart',
    asker: visitorWithCart,
    form: { product: 'mug' },
    allowed: ['find', 'update'],
  },
  { name: 'logged-in page', path: '/cart', asker: customerWithCart, allowed: ['find'] },
];

/** Whether the page costs a command that it should not, or one of them twice. */
export function costsTooMuch({ allowed }: BenchPage, commands: readonly string[]): boolean {
  const left = [...allowed];
  return commands.some((name) => {
    const at = left.indexOf(name);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}
