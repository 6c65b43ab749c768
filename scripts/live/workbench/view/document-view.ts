import type { SeenCommand, SeenExchange, StoredSession } from '../xray/exchange.ts';
import { part } from './chain-view.ts';
import { diffView } from './diff-view.ts';
import { type Html, html } from './html.ts';

/** How much of a document is shown, in characters. */
const MAX_CHARACTERS = 6000;

/** The session as the store held it before and after, as a diff. */
export function documentView({ before, after, inside, ms, commands }: SeenExchange): Html {
  if (!before && !after) {
    const words =
      ms === undefined
        ? 'The answer has not come yet.'
        : 'The store held nothing for this shopper, before or after.';
    return html`<p class="nothing">${words}</p>`;
  }
  const where = after?.where ?? before?.where;
  const [was, is] = [asText(before), asText(after)];
  const same = was === is && html` <span class="chip">unchanged</span>`;
  const note = was === is && html`<p class="small">${onWrites(commands)}</p>`;
  const memory = inside?.store === 'MemoryStore' && html`<p class="small">It ends with this process.</p>`;
  return html`<p class="small">${where}${same}</p>${diffView(was, is, withParts)}${note}${memory}`;
}

/** Redis commands that set the end of a key, and leave its value. */
const SETS_END = /^(?:P?EXPIRE(?:AT)?|GETEX) /;

/** What was written although the session is the same. */
function onWrites(commands: readonly SeenCommand[]): string {
  const done = commands.filter(
    ({ writes, result }) => writes && /^(?:done|(?:found|matched|deleted|inserted) [1-9])/.test(result),
  );
  if (done.length === 0) return '';
  return done.every(({ name }) => SETS_END.test(name))
    ? 'Its end was set anew, and nothing else.'
    : 'It was written all the same.';
}

const asText = (stored: StoredSession | undefined) =>
  stored ? `${JSON.stringify(stored.document, null, 2).slice(0, MAX_CHARACTERS)}\n` : '';

/** Lines of the document that are a part of the cookie, too. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^\s*"_id"/, 'id'],
  [/^\s*"expires"/, 'end'],
  [/^\s*"originalMaxAge"/, 'end'],
  [/^\s*"path"/, 'cookie.path'],
  [/^\s*"httpOnly"/, 'cookie.httpOnly'],
  [/^\s*"secure"/, 'cookie.secure'],
  [/^\s*"sameSite"/, 'cookie.sameSite'],
  [/^\s*"domain"/, 'cookie.domain'],
];

function withParts(line: string): Html {
  const name = PARTS.find(([pattern]) => pattern.test(line))?.[1];
  const indent = line.length - line.trimStart().length;
  return name ? html`${line.slice(0, indent)}${part(name, line.trimStart())}` : html`${line}`;
}
