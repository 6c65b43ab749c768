import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import type { Timer } from './protocol.ts';

interface Watched extends Omit<Timer, 'holds'> {
  readonly timer: NodeJS.Timeout;
  readonly work: () => void;
}

/** In milliseconds. Libraries use shorter timers for themselves; those are not noted. */
const LEAST_MS = 1000;
const running = new Map<NodeJS.Timeout, Watched>();

/** Notes all timers from now on. Call it before the store is loaded. */
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
      // The kit's own server has such a timer as well.
      if (stack && !stack.includes('node:_http_server')) {
        running.set(timer, { kind, ms, by: packageIn(stack), timer, work: () => work(...args) });
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

/** The noted timers that are still running. */
export function runningTimers(): Timer[] {
  return [...running.values()].map(({ kind, ms, by, timer }) => ({ kind, ms, by, holds: timer.hasRef() }));
}

/** Runs the timers of some packages now. */
export function fireTimers(by: readonly string[]): void {
  for (const timer of [...running.values()]) if (by.includes(timer.by)) timer.work();
}

/** The package of the innermost frame of a stack; 'the store itself' when there is none. */
function packageIn(stack: string): string {
  for (const line of stack.split('\n')) {
    // The compiled workshop is in node_modules/.cache.
    const [, name] = /.*node_modules[\\/](?!\.)((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(line) ?? [];
    if (name) return name.replace('\\', '/');
  }
  return 'the store itself';
}
