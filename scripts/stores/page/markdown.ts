import { readFileSync } from 'node:fs';
import { BEHAVIOURS } from '../behaviours/index.ts';
import { type Behaviour, GROUPS } from '../kit/behaviour.ts';
import type { Measured, StoreResult } from '../measured.ts';
import type { Speed } from '../speed.ts';
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
        daysOf(store),
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
    'npm run lab stores -- --all                       # all: about a quarter of an hour, after their packages are fetched and built',
    'npm run lab stores -- ./my-store.ts               # a store of your own, or any other one from npm: a file that opens it',
    'npm run lab stores -- ./my-store.ts --sql t.sql   # the same, when an app has to make its table: the statements are run before, on each empty database',
    'npm run lab stores -- ./my-store.ts --only saved,lost-get   # some behaviours, by the IDs that a wrong one lists',
    '```',
    '',
    'The backends on Debian: `sudo apt install redis-server memcached postgresql mariadb-server`. Nothing of them has to run: the lab starts its own, in',
    'temporary folders, on free ports, and ends them. A store of Valkey is played on the `valkey-server` of the PATH. There was none for these measurements:',
    'nothing on this page was seen on a Valkey. Without one, `--backend redis` plays its client on a redis-server. Stores on SQLite are built by npm, which may need',
    '`sudo apt install build-essential python3`.',
    '',
  ].join('\n');
}

/** Only when speeds were measured. */
function speedSection(stores: readonly StoreResult[]): string[] {
  if (!stores.some(({ speed }) => speed)) return [];
  return [
    '## Speed',
    '',
    'Requests a second, as a part of what the same app does with MemoryStore in the same run: the medians of rounds in turns. MemoryStore beside itself',
    'tells how far a figure can be off. The shop, the database and the shoppers share one machine: an order of magnitude, not a ranking. Load is how',
    'many processes wanted to run meanwhile.',
    '',
    row(['store', 'looks', 'changes', 'load']),
    row(['---', '---:', '---:', '---:']),
    ...stores.map(({ name, speed }) =>
      row([name, figure(speed?.looks), figure(speed?.changes), speed ? loadOf(speed) : '–']),
    ),
    '',
  ];
}

/** lessons/reference/stores-evidence.md */
export function renderEvidence({ stores }: Measured): string {
  const sections = stores.map((store) => {
    const lines = BEHAVIOURS.map((behaviour) => {
      const cell = store.cells[behaviour.id];
      return `- ${mark(cell, behaviour)} **${behaviour.title}**: ${text(cell?.short ?? 'not asked yet')}. ${cell ? code(cell.evidence) : 'This question is newer than the measurement.'}`;
    });
    return [
      `## ${store.name}`,
      '',
      `${store.title}. ${store.versions.join(', ')}, ${store.backend}, Node ${store.node}, ${daysOf(store)}.`,
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

/** A sentence for each behaviour that some store fails. */
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
  const words = cell === undefined ? 'not asked yet' : cell.short;
  return words === '–' ? '–' : `${mark(cell, behaviour)} ${words}`;
}

/** '2026-11-29', or with newer cells '2026-11-29, some cells 2026-11-30'. */
const daysOf = ({ measuredAt, againAt }: StoreResult) =>
  [measuredAt.slice(0, 10), ...(againAt ? [`some cells ${againAt.slice(0, 10)}`] : [])].join(', ');
const loadOf = ({ load, cores }: Speed) => `${Math.round(load)} on ${cores} cores`;
const figure = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(2));
const row = (cells: readonly string[]) => `| ${cells.map((cell) => text(cell)).join(' | ')} |`;
const text = (words: string) => words.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ');
/** Evidence quotes libraries, so it is written as code, where Markdown has no effect. */
const code = (words: string) => `\`\` ${words.replaceAll(/\s+/g, ' ').replaceAll('``', "''")} \`\``;
