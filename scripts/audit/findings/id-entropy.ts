import { cut } from './evidence.ts';
import { advise, type Finding, mend, notTested, ok } from './finding.ts';
import type { Scene } from './scene.ts';

/** How many IDs are wanted to see which of their characters never change. */
const ENOUGH = 5;
/** ASVS 5 asks for this many bits; WSTG and ASVS 4 for half. */
const WANTED = 128;
const LEAST = 64;

/** How many bits an ID can have at most, from IDs alone. That they are random nobody sees from outside. */
export async function checkIdEntropy(scene: Scene): Promise<Finding[]> {
  const id = 'id-entropy';
  if (scene.setup?.library === 'cookie-session')
    return [notTested(id, 'cookie-session keeps the session itself in the cookie: there is no ID')];
  for (let tries = scene.secrets.ids.size; tries < ENOUGH; tries++) {
    if (scene.way.logIn) await scene.loggedIn();
    else scene.id(await looked(scene));
  }
  const ids = [...scene.secrets.ids];
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

async function looked(scene: Scene) {
  const visitor = scene.visitor();
  for (const { asked } of scene.way.pages.slice(0, 3)) await visitor.follow(asked);
  return visitor;
}

/** An upper bound: the characters that change, in the smallest usual alphabet that has them all. */
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
