'use strict';
// Sets this process's clock ahead of the machine's. Timers do not change: they measure durations.
const RealDate = Date;
const realNow = Date.now.bind(Date);
let ahead = 0;
const now = () => realNow() + ahead;

/** Call it before the app's code, which may store Date. A Proxy and not a subclass: Date() without new and instanceof still work. */
exports.install = () => {
  globalThis.Date = new Proxy(RealDate, {
    construct: (date, args, newTarget) => Reflect.construct(date, args.length ? args : [now()], newTarget),
    apply: (date) => new date(now()).toString(),
    get: (date, name, receiver) => (name === 'now' ? now : Reflect.get(date, name, receiver)),
  });
};

/** @param {number} ms */
exports.setAhead = (ms) => {
  ahead = ms;
};
