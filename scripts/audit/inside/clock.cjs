'use strict';
// The clock of this process can be set ahead of the machine's. Timers are not touched: they go by durations.
const RealDate = Date;
const realNow = Date.now.bind(Date);
let ahead = 0;
const now = () => realNow() + ahead;

/** Before the app's own code, which may keep a Date of its own. A Proxy and no subclass: Date() without new and instanceof go on working. */
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
