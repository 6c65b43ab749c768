import { readFileSync } from 'node:fs';
import { BEHAVIOURS } from '../behaviours/index.ts';
import { type Behaviour, GROUPS } from '../kit/behaviour.ts';
import type { Measured, StoreResult } from '../measured.ts';
import { mark } from '../table.ts';

/** lessons/reference/stores.md */
export function renderMarkdown({ stores, skipped }: Measured): string {
  const sections = Object.entries(GROUPS).map(([group, title]) => {
    const behaviours = BEHAVIOURS.filter((behaviour) => behaviour.group === group);
    return [
      `## ${title}`,
      '',
      ...behaviours.map(
        (each) =>
          `- **${each.title}** (${each.must ? 'an app depends on it' : 'good to have'}, lesson ${each.lesson}): ${each.question}`,
      ),
      '',
      row(['store', ...behaviours.map(({ title }) => title)]),
      row(['---', ...behaviours.map(() => '---')]),
      ...stores.map((store) =>
        row([
          `[${store.name}](stores-evidence.md#${store.name})`,
          ...behaviours.map((behaviour) => inCell(store, behaviour)),
        ]),
      ),
      '',
    ].join('\n');
  });
  return [
    '# Session stores, measured',
    '',
    `What ${stores.length} session stores really do. \`npm run lab stores\` asks each of them what the lessons ask of theirs, on a real backend,`,
    'behind a proxy that plays outages. Nothing here is copied from a README: a cell is what was seen on the versions below, and',
    '[the evidence](stores-evidence.md) says how. `npm run lab stores -- --page` writes this page as HTML, which can be sorted.',
    '',
    '✓ as it should be · ✗ not, and an app depends on it · ! not, and it is good to have · – not tested, and the evidence says why',
    '',
    readFileSync(new URL('./which.md', import.meta.url), 'utf8').trim(),
    '',
    '## The traps',
    '',
    ...traps(stores),
    '',
    ...sections,
    ...speedSection(stores),
    '## Versions',
    '',
    row(['store', 'packages', 'backend', 'Node', 'measured']),
    row(['---', '---', '---', '---', '---']),
    ...stores.map((store) =>
      row([
        `${store.name}: ${store.title}`,
        store.versions.join(', '),
        store.backend,
        store.node,
        store.measuredAt.slice(0, 10),
      ]),
    ),
    '',
    ...(skipped.length
      ? [
          'Left out on the machine that measured:',
          '',
          ...skipped.map(({ name, why }) => `- ${name}: ${why}`),
          '',
        ]
      : []),
    '## Measure again',
    '',
    '```sh',
    'npm run lab stores                                # the four that need nothing but the workshop',
    'npm run lab stores -- session-file-store          # one, or several, of the catalogue',
    'npm run lab stores -- --all                       # all: about half an hour',
    'npm run lab stores -- ./my-store.ts               # a store of your own',
    '```',
    '',
    'The backends on Debian: `sudo apt install redis-server memcached postgresql mariadb-server`, and `valkey-server` where there is one. Nothing of them',
    'has to run: the lab starts its own, in temporary folders, on free ports, and ends them. Stores on SQLite are built by npm, which may need',
    '`sudo apt install build-essential python3`.',
    '',
  ].join('\n');
}

/** Only when it was measured. */
function speedSection(stores: readonly StoreResult[]): string[] {
  if (!stores.some(({ speed }) => speed)) return [];
  return [
    '## Speed',
    '',
    'Requests a second, as a part of what the same app does with MemoryStore in the same run. The shop, the database and the shoppers share one',
    'machine: an order of magnitude, not a ranking.',
    '',
    row(['store', 'looks', 'changes']),
    row(['---', '---:', '---:']),
    ...stores.map(({ name, speed }) => row([name, figure(speed?.looks), figure(speed?.changes)])),
    '',
  ];
}

/** lessons/reference/stores-evidence.md */
export function renderEvidence({ stores }: Measured): string {
  const sections = stores.map((store) => {
    const lines = BEHAVIOURS.map((behaviour) => {
      const cell = store.cells[behaviour.id];
      return `- ${mark(cell, behaviour)} **${behaviour.title}**: ${text(cell?.short ?? 'not reached')}. ${code(cell?.evidence ?? '')}`;
    });
    return [
      `## ${store.name}`,
      '',
      `${store.title}. ${store.versions.join(', ')}, ${store.backend}, Node ${store.node}, ${store.measuredAt.slice(0, 10)}.`,
      '',
      ...lines,
      '',
    ].join('\n');
  });
  return [
    '# Session stores: the evidence',
    '',
    'Behind each cell of [the table](stores.md): what was done, and what was seen. `(null, …)` is what a method called back with.',
    '',
    ...sections,
  ].join('\n');
}

/** Each behaviour that some store fails, in a sentence. */
function traps(stores: readonly StoreResult[]): string[] {
  return BEHAVIOURS.flatMap((behaviour) => {
    const failing = stores
      .filter(({ cells }) => cells[behaviour.id]?.verdict === 'bad')
      .map(({ name }) => name);
    const tested = stores.filter(({ cells }) => ['ok', 'bad'].includes(cells[behaviour.id]?.verdict ?? ''));
    if (failing.length === 0) return [];
    const which =
      failing.length === tested.length
        ? 'all'
        : failing.length > tested.length / 2 && failing.length > 6
          ? `all but ${tested
              .filter(({ name }) => !failing.includes(name))
              .map(({ name }) => name)
              .join(', ')}`
          : failing.join(', ');
    return [
      `- **${behaviour.title}** (${failing.length} of ${tested.length}). ${behaviour.trap} ${which[0]?.toUpperCase()}${which.slice(1)}.`,
    ];
  });
}

function inCell({ cells }: StoreResult, behaviour: Behaviour): string {
  const cell = cells[behaviour.id];
  const words = cell === undefined ? 'not reached' : cell.short;
  return words === '–' ? '–' : `${mark(cell, behaviour)} ${words}`;
}

const figure = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(2));
const row = (cells: readonly string[]) => `| ${cells.map((cell) => text(cell)).join(' | ')} |`;
const text = (words: string) => words.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ');
/** Evidence is what a library said: as code, so that nothing of it becomes Markdown. */
const code = (words: string) => `\`\` ${words.replaceAll(/\s+/g, ' ').replaceAll('``', "''")} \`\``;
