import { SWITCHES, type Switch } from './switches.ts';

/** The switches that a lesson needs, by its slug; other lessons show restart and kill. The others are behind "more". */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'memory-store': ['restart', 'kill'],
  'mongodb-store': ['restart', 'refuses', 'there'],
  'session-config': ['restart', 'secret'],
  'connection-string': ['restart'],
  troubleshooting: ['restart'],
  login: ['restart', 'secret'],
  'cart-and-flash': ['slow', 'restart'],
  'expiry-and-ttl': ['minutes', 'hours', 'days'],
  production: ['refuses', 'hangs', 'there', 'restart', 'secret'],
  'two-instances': ['kill', 'restart', 'refuses', 'there'],
  'redis-or-mongodb': ['restart', 'refuses', 'there', 'days'],
};

/** The switches of a lesson: those it needs, and the others. */
export function switchesOf({ slug }: { readonly slug: string }): { needed: Switch[]; others: Switch[] } {
  const names = NEEDED[slug] ?? ['restart', 'kill'];
  return {
    needed: SWITCHES.filter(({ name }) => names.includes(name)),
    others: SWITCHES.filter(({ name }) => !names.includes(name)),
  };
}
