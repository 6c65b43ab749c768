import { setTimeout as delay } from 'node:timers/promises';

/** The CPU time of one measurement of the slowdown, in milliseconds. */
const SAMPLE_MS = 20;
/** From this slowdown on, a wait becomes longer. A smaller one may come from checks that run in parallel. */
const BUSY = 3;
/** The most that a wait is multiplied by. */
const MOST = 3;
/** How long a measurement is valid, in milliseconds: many limits may pass within that. */
const FRESH_MS = 1000;
/** The pause between two questions, in milliseconds. */
const PAUSE_MS = 20;

/**
 * How many times longer work takes now than on an idle machine: the time of a piece of work divided by its CPU time. 1 is idle.
 * @param now reads the time, and the CPU time that this process has used, both in milliseconds
 */
export function slowdown(now = readClocks): number {
  const began = now();
  for (;;) {
    const { wallMs, cpuMs } = now();
    const used = cpuMs - began.cpuMs;
    if (used >= SAMPLE_MS) return Math.max(1, (wallMs - began.wallMs) / used);
  }
}

function readClocks() {
  const { user, system } = process.cpuUsage();
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000 };
}

let measured = { atMs: Number.NEGATIVE_INFINITY, slow: 1 };

function slowdownNow(): number {
  if (performance.now() - measured.atMs > FRESH_MS) measured = { slow: slowdown(), atMs: performance.now() };
  return measured.slow;
}

/**
 * How much longer to wait after a limit has passed, in milliseconds: 0, unless the machine is busy. A shop that gets a fifth of
 * a core needs five times as long, and is not silent.
 */
export function moreTime(limitMs: number, slow = slowdownNow()): number {
  return slow < BUSY ? 0 : limitMs * (Math.round(Math.min(slow, MOST)) - 1);
}

/**
 * Calls back when a limit has passed; on a busy machine later, in proportion to its slowdown.
 * @param late gets the time that passed, in milliseconds: the limit, and the extra time on a busy machine
 * @param beyond the extra time after the limit, in milliseconds; `() => 0` for a limit that is the same on every machine
 * @returns a function that cancels it
 */
export function afterLimit(
  limitMs: number,
  late: (waitedMs: number) => void,
  beyond: (limitMs: number) => number = moreTime,
): () => void {
  let timer = setTimeout(() => {
    const more = beyond(limitMs);
    if (more === 0) late(limitMs);
    else timer = setTimeout(late, more, limitMs + more).unref();
  }, limitMs).unref();
  return () => clearTimeout(timer);
}

/** A signal that is aborted when a limit has passed, on a busy machine later, and a function that cancels it. */
export function signalAfter(limitMs: number): { readonly signal: AbortSignal; readonly callOff: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, callOff: afterLimit(limitMs, () => controller.abort()) };
}

/** What a promise resolves with; `late` when a limit passes before. On a busy machine the limit is longer. */
export async function within<T, L>(promise: T | PromiseLike<T>, limitMs: number, late: L): Promise<T | L> {
  let callOff = () => {};
  const passed = new Promise<L>((resolve) => {
    callOff = afterLimit(limitMs, () => resolve(late));
  });
  return await Promise.race([promise, passed]).finally(callOff);
}

/**
 * Asks again until the answer is right, with pauses, which leave the core to others.
 * @returns the last answer, also when the limit has passed; on a busy machine the limit is longer
 */
export async function askUntil<T>(
  ask: () => Promise<T>,
  isSo: (answer: T) => boolean,
  limitMs: number,
): Promise<T> {
  let isLate = false;
  const callOff = afterLimit(limitMs, () => {
    isLate = true;
  });
  try {
    for (;;) {
      const answer = await ask();
      if (isSo(answer) || isLate) return answer;
      await delay(PAUSE_MS);
    }
  } finally {
    callOff();
  }
}

/** Whether a limit has passed since a moment of performance.now(). On a busy machine the limit is longer. */
export function isOver(beganMs: number, limitMs: number): boolean {
  const passedMs = performance.now() - beganMs;
  return passedMs > limitMs && passedMs > limitNow(limitMs);
}

/** A shop's limit, in milliseconds; longer on a busy machine. */
export function limitNow(limitMs: number): number {
  return limitMs + moreTime(limitMs);
}
