import type { Problem } from './problem.ts';

/** A part of the catalogue under a heading of its own. */
export type Group = readonly [heading: string, entries: Readonly<Record<string, Problem>>];

/** The catalogue as a page in Markdown: every message with its ailments, then every ailment with cause, fix and lesson. */
export function errorIndex(groups: readonly Group[]): string {
  const all = groups.flatMap(([, entries]) => Object.entries(entries));
  return `${[INTRODUCTION, messages(all), ...groups.map(section)].join('\n\n')}\n`;
}

const INTRODUCTION = `# Error index

From the message to its cause, its fix, and the lesson that shows it. Look for the **first** error in the log: later ones
are often its echo. \`npm run doctor\` looks at a machine and a connection string, and says which of these it is.

This page is made from the doctor's catalogue, \`scripts/doctor/catalogue.ts\`. To make it anew:
\`npx vitest run scripts/doctor/error-index.test.ts -u\``;

/** One row a message, in the order of the alphabet; what several ailments say is there once. */
function messages(entries: readonly [string, Problem][]): string {
  const ailments = new Map<string, string[]>();
  for (const [id, { says }] of entries)
    for (const message of says) ailments.set(message, [...(ailments.get(message) ?? []), link(id)]);
  const rows = [...ailments]
    .sort(([one], [other]) => sortKey(one).localeCompare(sortKey(other), 'en'))
    .map(([message, links]) => `| \`${message}\` | ${links.join(', ')} |`);
  return [
    '## By message',
    '',
    '`…` stands for what differs.',
    '',
    '| it says | ailment |',
    '| --- | --- |',
    ...rows,
  ].join('\n');
}

const sortKey = (message: string) => message.replace(/^\W+/, '').toLowerCase();
const link = (id: string) => `[${id}](#${id})`;

function section([heading, entries]: Group): string {
  return [`## ${heading}`, ...Object.entries(entries).map(problem)].join('\n\n');
}

function problem([id, { says, cause, fix, lesson }]: [string, Problem]): string {
  const silent = says.length ? [] : ['- **it says**: nothing; it fails in silence'];
  return [
    `### ${id}`,
    '',
    ...says.map((message) => `- **it says**: \`${message}\``),
    ...silent,
    `- **cause**: ${inCode(cause)}`,
    `- **fix**: ${inCode(fix)}`,
    `- **lesson**: ${lesson ?? 'none'}`,
  ].join('\n');
}

/** `<placeholder>` and `&amp;` are HTML to Markdown, and would not be seen. */
const inCode = (text: string) => text.replace(/<\w+>|&amp;/g, '`$&`');
