import type { Stage } from '#grader/check/stage.ts';

// What a request did to a session that it should not have changed.

/** Says that a request ended its session by a call in the answer; undefined when it did not. @param request 'GET /cart' */
export async function likelyEnded(stage: Stage, request: string): Promise<string | undefined> {
  const { events = [] } = (await stage.factsOf(request)) ?? {};
  const method = events.find((each) => each === 'regenerate' || each === 'destroy');
  if (!method) return undefined;
  const does = method === 'destroy' ? 'ends the session' : 'begins a new, empty session';
  return `In ${request} req.session.${method}() is called, and that ${does}: all that was in it is gone.`;
}

/** Says that a page saves a session in which nothing was put; undefined when none of these pages does. @param paths '/cart' */
export async function likelySaveCalled(stage: Stage, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const { events = [], keys = [] } = (await stage.factsOf(`GET ${path}`)) ?? {};
    const saved = events.indexOf('save');
    if (keys.length === 0 && saved !== -1 && saved < events.indexOf('end'))
      return `GET ${path} calls req.session.save(), and that writes the session also when nothing is in it, with or without saveUninitialized. Save only where something was changed.`;
  }
  return undefined;
}

/** Why a request that only shows a page had its session written. @param changed the names of the changed values */
export async function likelyWritten(stage: Stage, request: string, changed: readonly string[]) {
  const { events = [] } = (await stage.factsOf(request)) ?? {};
  const saved = events.indexOf('save');
  if (changed.length === 0 && saved !== -1 && saved < events.indexOf('end'))
    return {
      likely: `In ${request} req.session.save() is called, and it writes the session whatever is in it. express-session saves by itself what was changed: call save() where something was changed and the answer has to wait for it.`,
      look: [/\bsave\(/],
    };
  const names = changed.map((name) => `req.session.${name}`).join(' and ');
  return {
    likely: names && `${request} changes ${names}, so express-session has to write the session.`,
    look: changed.map((name) => new RegExp(`session\\b.*\\b${name.replace(/\W/g, '.')}\\b`)),
  };
}

/** Says that a request changed its session after saving it; undefined when it did not save before its answer. @param request 'POST /login' */
export async function likelySavedBefore(stage: Stage, request: string): Promise<string | undefined> {
  const { events = [] } = (await stage.factsOf(request)) ?? {};
  const saved = events.indexOf('save done');
  return saved !== -1 && saved < events.indexOf('end')
    ? `In ${request} the session was saved first, and changed after that: what came later is stored when the answer is on its way. Change it, save it, and redirect then.`
    : undefined;
}
