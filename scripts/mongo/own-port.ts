import { setTimeout as delay } from 'node:timers/promises';

/** How long another process may hold a port that we have just closed, and the pause between two tries, in milliseconds. */
const LIMIT = 5000;
const PAUSE = 5;

/**
 * Takes again a port that we have just closed. Closing a socket frees its port at once, unless a process is being started just then: between
 * fork and exec a child holds everything that its parent had open.
 * @param take listens, or connects, on that port; called again while it rejects with EADDRINUSE
 */
export async function ownPort<T>(take: () => Promise<T>): Promise<T> {
  const limit = performance.now() + LIMIT;
  for (;;) {
    try {
      return await take();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || performance.now() > limit) throw error;
      await delay(PAUSE);
    }
  }
}
