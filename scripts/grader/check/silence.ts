import type { SessionFacts } from '../shop-process/session-facts.ts';
import type { Told } from './failure.ts';
import { routeOf } from './route-lines.ts';

/**
 * The likely reason why a request got no answer, by what was seen in the process meanwhile.
 * @param sent the request: 'POST /cart product=mug'
 * @param facts undefined when the process reported nothing either
 */
export function likelySilence(sent: string, facts: SessionFacts | undefined): Told {
  const look = [routeOf(sent)];
  if (!facts)
    return {
      likely:
        'The process answers nothing at all: something in it loops for ever, or computes without a pause.',
      look,
    };
  if (facts.calls.some(({ isUncalled }) => isUncalled))
    return {
      likely:
        'session itself stands where a middleware belongs, and waits there for ever. It makes one when it is called: app.use(session({ … })).',
      look: [/\(\s*session\b(?!\s*\()/, /\bsession\b/],
    };
  const [waiting] = facts.waitingFor;
  if (waiting === undefined) return likelyUnended(facts, look);
  const [method, promise] = waiting.split(', ');
  const [address] = facts.unreached;
  if (address)
    return {
      likely: `The store’s ${method}() waits for a MongoDB at ${address}, and nothing answers there. config.mongodbUri says where the one of this shop is. Where that one is away, the wait needs a limit of time.`,
      look: [/\buri\b/i, /createStore\b/, new RegExp(`\\b${method}\\(`)],
    };
  return {
    likely: promise
      ? `The store’s ${method}() returned a promise, and has not called back. express-session waits for the callback: callback(error), or callback(null, result).`
      : `The store’s ${method}() was called, and has not called back: the request waits for it. A method of a store ends with callback(error) or callback(null, result), also where nothing was found. What it waits for itself needs a limit of time.`,
    look: [new RegExp(`\\b${method}\\(`)],
  };
}

/** The likely mistake when nothing is waited for, and nothing ended the answer. */
function likelyUnended({ requests }: SessionFacts, look: readonly RegExp[]): Told {
  const events = requests.at(-1)?.events ?? [];
  const method = events.findLast((each) => /^(?:save|regenerate|destroy|reload)\b/.test(each));
  const [name = '', how] = method?.split(' ') ?? [];
  if (method && !events.includes('end') && how !== 'failed')
    return {
      likely: `${name}() of the session was called, and nothing ended the response after it. It answers nobody by itself: res.redirect() comes when it is done.`,
      look,
    };
  if (how === 'failed' && !events.includes('end'))
    return {
      likely: `${name}() of the session failed, and nothing ended the response after it. The error answers the request: do not catch what await ${name}(req) throws, and in a callback pass it on: next(error).`,
      look: [/\.catch\(|\bcatch\b/, new RegExp(`\\b${name}\\(`), ...look],
    };
  return {
    likely:
      'A handler or a middleware neither ends the response nor calls next(), or it awaits what never comes.',
    look,
  };
}
