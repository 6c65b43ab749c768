import type { AuditContext } from './audit-context.ts';
import { cut } from './evidence.ts';
import { advise, type Finding, mend, notTested, ok } from './finding.ts';

/** How many IDs are needed to see which of their characters never change. */
const ENOUGH = 5;
/** ASVS 5 asks for this many bits; WSTG and ASVS 4 ask for half. */
const WANTED = 128;
const LEAST = 64;

/** How many bits an ID can have at most, from IDs alone. Whether they are random cannot be seen from outside. */
export async function checkIdEntropy(context: AuditContext): Promise<Finding[]> {
  const id = 'id-entropy';
  if (context.setup?.library === 'cookie-session')
    return [notTested(id, 'cookie-session keeps the session itself in the cookie: there is no ID')];
  for (let tries = context.secrets.ids.size; tries < ENOUGH; tries++) {
    if (context.way.logIn) await context.loggedIn();
    else context.id(await looked(context));
  }
  const ids = [...context.secrets.ids];
  if (ids.length < 2) return [notTested(id, 'fewer than two session IDs were seen')];
  const bits = mostBits(ids);
  const evidence = [
    `${ids.length} IDs, such as ${ids.slice(0, 3).map(cut).join(', ')}`,
    `at most ${Math.floor(bits)} bits each`,
  ];
  const isUuid = ids.every((each) =>
    /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i.test(each),
  );
  if (isUuid) return [ok(id, 'they are random UUIDs: 122 bits', evidence)];
  if (bits < LEAST)
    return [mend(id, `an ID has at most ${Math.floor(bits)} bits, and ${WANTED} are asked for`, evidence)];
  if (bits < WANTED - 8)
    return [advise(id, `an ID has at most ${Math.floor(bits)} bits, and ${WANTED} are asked for`, evidence)];
  return [ok(id, `an ID has up to ${Math.floor(bits)} bits; none was like another`, evidence)];
}

async function looked(context: AuditContext) {
  const visitor = context.visitor();
  for (const { asked } of context.way.pages.slice(0, 3)) await visitor.follow(asked);
  return visitor;
}

/** An upper bound: the characters that change, in the smallest usual alphabet that contains them. */
export function mostBits(ids: readonly string[]): number {
  const length = Math.min(...ids.map((each) => each.length));
  const columns = Array.from({ length }, (_, at) => new Set(ids.map((each) => each[at])));
  const changing = ids.length >= ENOUGH ? columns.filter((characters) => characters.size > 1) : columns;
  const used = changing.flatMap((characters) => [...characters]).join('');
  return changing.length * Math.log2(alphabetOf(used));
}

function alphabetOf(text: string): number {
  if (/^\d+$/.test(text)) return 10;
  if (/^[\da-f-]+$/.test(text) || /^[\dA-F-]+$/.test(text)) return 16;
  if (/^[\da-z]+$/.test(text)) return 36;
  if (/^[\dA-Za-z]+$/.test(text)) return 62;
  return 64;
}
