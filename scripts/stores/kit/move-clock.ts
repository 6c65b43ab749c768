/** Moves the clock of this process ahead: `Date` and `performance.now`. A server's clock stays. */
export function moveClock(aheadMs: number): void {
  const Real = Date;
  const now = () => Real.now() + aheadMs;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length ? args : [now()], newTarget),
    apply: () => new Real(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  });
  const measured = performance.now.bind(performance);
  performance.now = () => measured() + aheadMs;
}
