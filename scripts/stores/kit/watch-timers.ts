import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import type { Timer } from './protocol.ts';

interface Watched extends Omit<Timer, 'holds'> {
  readonly timer: NodeJS.Timeout;
}

/** Shorter ones are a library's own business: they end before anybody notices. */
const LEAST_MS = 1000;
const running = new Map<NodeJS.Timeout, Watched>();

/** From now on timers are noted. Comes before the store is loaded. */
export function watchTimers(): void {
  for (const kind of ['setInterval', 'setTimeout'] as const) {
    const start = timers[kind] as typeof setTimeout;
    const noted = (work: (...args: unknown[]) => void, ms = 1, ...args: unknown[]) => {
      const timer = start(
        (...given: unknown[]) => {
          if (kind === 'setTimeout') running.delete(timer);
          work(...given);
        },
        ms,
        ...args,
      );
      const stack = ms >= LEAST_MS ? (new Error().stack ?? '') : '';
      // The server of our own app has one as well.
      if (stack && !stack.includes('node:_http_server')) {
        running.set(timer, { kind, ms, by: packageIn(stack), timer });
      }
      return timer;
    };
    // Keeps setTimeout's promise form for node:util.
    Object.defineProperties(noted, Object.getOwnPropertyDescriptors(start));
    (timers as Record<string, unknown>)[kind] = noted;
    (globalThis as Record<string, unknown>)[kind] = noted;
  }
  for (const kind of ['clearInterval', 'clearTimeout'] as const) {
    const clear = timers[kind] as (timer: unknown) => void;
    const noted = (timer: unknown) => {
      running.delete(timer as NodeJS.Timeout);
      clear(timer);
    };
    (timers as Record<string, unknown>)[kind] = noted;
    (globalThis as Record<string, unknown>)[kind] = noted;
  }
  syncBuiltinESMExports();
}

/** Those that were started and have not ended. */
export function runningTimers(): Timer[] {
  return [...running.values()].map(({ kind, ms, by, timer }) => ({ kind, ms, by, holds: timer.hasRef() }));
}

/** The package that the innermost frame of a stack belongs to; 'the store itself' where there is none. */
function packageIn(stack: string): string {
  for (const line of stack.split('\n')) {
    const [, name] = /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(line) ?? [];
    if (name) return name.replace('\\', '/');
  }
  return 'the store itself';
}
