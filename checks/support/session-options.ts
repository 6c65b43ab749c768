import type { SessionCall } from '#grader/shop-process/session-facts.ts';

// Two options of session() that are true by default.

/** 'saveUninitialized: true', or that it was left out; undefined when it is off. */
export function savesUninitialized(call: SessionCall | undefined): string | undefined {
  return isOn('saveUninitialized', call?.saveUninitialized, call);
}

/** 'resave: true', or that it was left out; undefined when it is off. */
export function resaves(call: SessionCall | undefined): string | undefined {
  return isOn('resave', call?.resave, call);
}

function isOn(name: string, value: string | undefined, call: SessionCall | undefined): string | undefined {
  if (!call) return undefined;
  if (value === undefined) {
    const [unknown] = call.unknown;
    return `${name} was left out${unknown ? ` (session() has no option called ${unknown})` : ''}, and its default is true, which`;
  }
  if (/^".+"$/.test(value)) return `${name} is ${value}, a text, and every text counts as true. It`;
  return value === 'true' ? `${name}: true` : undefined;
}
