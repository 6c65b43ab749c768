import { isReported, type Message, type Problem, textOf } from './problems/problem.ts';

/** A part of the catalogue, with its heading. */
export type Group = readonly [heading: string, entries: Readonly<Record<string, Problem>>];

/** The catalogue as a Markdown page: every message with its problems, then every problem with cause, fix and lesson. */
export function errorIndex(groups: readonly Group[]): string {
  const all = groups.flatMap(([, entries]) => Object.entries(entries));
  return `${[INTRODUCTION, messages(all), ...groups.map(section)].join('\n\n')}\n`;
}

const INTRODUCTION = `# Error index

From the message to its cause, its fix, and the lesson that shows it. Look for the **first** error in the log: later ones are often its
echo. \`npm run doctor "the message"\` searches this page, \`npm run doctor -\` reads a log on stdin, and \`npm run doctor\` looks at the
machine and the connection string themselves, with the same words.

The page is made from \`scripts/doctor/problems/\`. To make it anew: \`npx vitest run scripts/doctor/error-index.test.ts -u\``;

/** One row for each message, in alphabetical order. A message of several problems has one row. */
function messages(entries: readonly [string, Problem][]): string {
  const rows = new Map<string, { ids: string[]; reported: boolean }>();
  for (const [id, { says }] of entries) for (const message of says) add(rows, id, message);
  const lines = [...rows]
    .sort(([one], [other]) => sortKey(one).localeCompare(sortKey(other), 'en'))
    .map(
      ([text, { ids, reported }]) => `| ${code(text)}${reported ? ' *' : ''} | ${ids.map(link).join(', ')} |`,
    );
  return [
    '## By message',
    '',
    '`…` stands for what differs. A test provokes each message with the real package; those with a * are known from documentation and',
    'public reports alone, because they need Atlas, a browser, another version or another server.',
    '',
    '| it says | problem |',
    '| --- | --- |',
    ...lines,
  ].join('\n');
}

function add(rows: Map<string, { ids: string[]; reported: boolean }>, id: string, message: Message): void {
  const row = rows.get(textOf(message)) ?? { ids: [], reported: isReported(message) };
  rows.set(textOf(message), { ...row, ids: [...row.ids, id] });
}

const sortKey = (message: string) => message.replace(/^\W+/, '').toLowerCase();
const link = (id: string) => `[${id}](#${id})`;
/** A message may contain backticks, and a | would end the cell. */
const code = (text: string) => {
  const escaped = text.replaceAll('|', '\\|');
  return escaped.includes('`') ? `\`\` ${escaped} \`\`` : `\`${escaped}\``;
};

function section([heading, entries]: Group): string {
  return [`## ${heading}`, ...Object.entries(entries).map(problem)].join('\n\n');
}

function problem([id, { says, codes = {}, cause, fix, lesson }]: [string, Problem]): string {
  const silent = says.length ? [] : ['- **it says**: nothing; it fails in silence'];
  const coded = Object.entries(codes).map(([number, name]) => `${number} (${name})`);
  return [
    `### ${id}`,
    '',
    ...says.map((message) => `- **it says**: ${code(textOf(message))}`),
    ...silent,
    ...(coded.length ? [`- **codes of MongoDB**: ${coded.join(', ')}`] : []),
    `- **cause**: ${inCode(cause)}`,
    `- **fix**: ${inCode(fix)}`,
    `- **lesson**: ${lesson ?? 'none'}`,
  ].join('\n');
}

/** Puts `<placeholder>` and `&amp;` in code and escapes `*` and `_`, because Markdown would hide them. */
const inCode = (text: string) => text.replace(/<\w+>|&amp;/g, '`$&`').replace(/[*_]/g, '\\$&');
