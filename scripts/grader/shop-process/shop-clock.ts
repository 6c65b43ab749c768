// Tells a shop process that time has passed, so that a check sees sessions of fourteen days end.
const realNow = Date.now.bind(Date);
let ahead = 0;

/**
 * Sets this process's clock ahead of the machine's.
 * @param ms how far, in milliseconds; timers do not change, they measure durations
 */
export function setClockAhead(ms: number): void {
  ahead = ms;
  // A Proxy and not a subclass: Date() without new and instanceof go on working.
  globalThis.Date = new Proxy(RealDate, {
    construct: (date, args, newTarget) => Reflect.construct(date, args.length ? args : [now()], newTarget),
    apply: (date) => new date(now()).toString(),
    get: (date, name, receiver) => (name === 'now' ? now : Reflect.get(date, name, receiver)),
  });
}

const RealDate = Date;
const now = () => realNow() + ahead;
