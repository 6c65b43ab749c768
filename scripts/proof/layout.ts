import { posix } from 'node:path';

/** A source file: its path in the workshop, with forward slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/**
 * The parts of scripts/, lowest first. A part imports parts below it, never one above. Parts of one row do not import each
 * other, except for those in RELATED.
 */
const ROWS = [
  ['setup'],
  ['processes'],
  ['shared'],
  ['engine'],
  ['mongo'],
  ['redis'],
  ['grader'],
  ['course'],
  ['doctor'],
  ['live', 'labs', 'class', 'compass', 'kit', 'audit', 'stores'],
  ['proof'],
  ['commands'],
];

/** Each can be deleted, with its folder and its command, without breaking another part. */
export const REMOVABLE = ['class', 'compass', 'labs', 'kit', 'audit', 'stores'];

/** These run the finished shop: `npm start`, and what `npm run bench` starts in processes of its own. */
const RUN_THE_SHOP = /^scripts\/(?:commands\/start\.ts|proof\/bench-shop\/\w+\/app\.ts)$/;

/** What scripts/ may import of the learner's side: the shop that every lesson runs. The rest is data to grade. */
const SHARED_SHOP = 'lessons/shop/';

/** The relative and `#` imports of a source, types included, as paths in the workshop. */
export function importsOf({ path, text }: Source, aliases: Readonly<Record<string, string>>): string[] {
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport\(|^import)\s*'([.#][^']*)'/gm)].map(
    ([, name = '']) => name,
  );
  return specifiers.map((name) => {
    if (name.startsWith('.')) return posix.join(posix.dirname(path), name);
    const [alias = '', target = ''] =
      Object.entries(aliases).find(([prefix]) => name.startsWith(prefix.replace('*', ''))) ?? [];
    return posix.normalize(target.replace('*', name.slice(alias.length - 1)));
  });
}

/**
 * The imports that go against the layout, each as a sentence.
 * @param aliases the `imports` of package.json
 */
export function againstTheLayout(
  sources: readonly Source[],
  aliases: Readonly<Record<string, string>>,
): string[] {
  return sources.flatMap((source) =>
    importsOf(source, aliases).flatMap((target) => {
      const reason = refusal(source.path, target);
      return reason ? [`${source.path} imports ${target}: ${reason}`] : [];
    }),
  );
}

function refusal(from: string, to: string): string | undefined {
  const [fromPart, toPart] = [partOf(from), partOf(to)];
  if (!fromPart) {
    // Outside scripts/: checks may import its parts, solutions may not.
    if (toPart && from.startsWith('solutions/')) return 'a solution imports nothing of the tool';
    return undefined;
  }
  if (to.startsWith('solutions/shop/') && RUN_THE_SHOP.test(from)) return undefined;
  if (to.startsWith('solutions/')) return 'solutions are data to grade';
  if (to.startsWith('lessons/') && !to.startsWith(SHARED_SHOP)) return 'lessons are data to grade';
  if (to.startsWith('checks/')) return 'checks build on scripts/, and are loaded by their path';
  if (!toPart || fromPart === toPart) return undefined;
  const [fromRow, toRow] = [rowOf(fromPart), rowOf(toPart)];
  if (fromRow === -1 || toRow === -1) return 'a part that ROWS does not name';
  if (toRow > fromRow) return `${toPart} is above ${fromPart}`;
  if (toRow === fromRow) return `${toPart} is beside ${fromPart}`;
  if (REMOVABLE.includes(toPart) && fromPart !== 'commands') return `${toPart} can be deleted`;
  return undefined;
}

/** 'grader' for scripts/grader/…; undefined outside scripts/. */
function partOf(path: string): string | undefined {
  return /^scripts\/([^/]+)\//.exec(path)?.[1];
}

function rowOf(part: string): number {
  return ROWS.findIndex((row) => row.includes(part));
}
