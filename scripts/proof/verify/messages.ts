import type { Lesson } from '../../course/lessons.ts';
import type { StepVerdict } from '../../grader/verdict.ts';

/** The message for a recorded wrong answer, as in checks/MESSAGES.md. */
export interface Message {
  /** 'Lesson 3: Configure the session' */
  readonly lesson: string;
  /** '3.2 the cart survives a restart' */
  readonly step: string;
  /** 'the store is made and not passed' */
  readonly answer: string;
  /** All that a learner reads below the step's name. */
  readonly text: string;
}

const INTRODUCTION = `# What a failing step says

Every message of every recorded wrong answer, to be read aloud when a check is changed: does it name what was sent, what
came back, the likely mistake, and where to look? Generated. \`npm run verify -- --write\` writes it anew, and \`npm run verify\`
tells when an answer fails at another step, or a likely mistake is told in other words. What is another one at each run
stands in angle brackets.
`;

/** Texts that differ between runs, and their placeholders. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  // Not from the middle of a %2F.
  [/(?<!%)(?<!%[0-9A-F])[0-9a-f]{24,}/g, '<secret>'],
  [/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, '<id>'],
  [/\bs(%(?:25)?3A|:)[\w%.+/=-]{8,}…?/g, 's$1<id>…'],
  [/(?<![\w-])[\w-]{32}(?![\w-])/g, '<id>'],
  [/(?<![\w+/])[\w+/]{43}(?![\w+/])/g, '<signature>'],
  [/(?<![\w-])[\w-]{8}…/g, '<id>…'],
  [/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, '<date>'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, '<date>'],
  [/\b\d{13}\b/g, '<time>'],
  [/(127\.0\.0\.1\]?|localhost|::1\]?):(?!27017)\d{2,5}/g, '$1:<port>'],
  [/\bport (?!27017)\d{4,5}\b/g, 'port <port>'],
  [/\bSERVERID=\d+/g, 'SERVERID=<port>'],
  [/\bprocess \d+/g, 'process <pid>'],
  [/\b(ends|ends in|still in) [\d.]+ (?:seconds|minutes)/g, '$1 <time>'],
  // On a busy machine limits are longer.
  [/(?<=\bwithin )[\d.]+(?= s\b)/g, '<n>'],
  // How long an instance took to shut down, and how long a request was held after that.
  [/(?<=shutDown\(\) took |waited for MongoDB for )[\d.]+(?= s\b)/g, '<n>'],
  // How many requests shoppers had sent when an instance was replaced.
  [/\d+(?= × POST)/g, '<n>'],
  [/(?<=was replaced; then\n[\s\S]*\ngot +200, ).+/, '<the cart>'],
  [/(?<=was replaced; then\n[\s\S]*the newest: ).+/, '<the document>'],
  // Which commands had arrived when the step failed.
  [/(?<=the shop sent (?:it )?).+/g, '<commands>'],
];

/** The message of a step that failed. */
export function messageOf(
  lesson: Pick<Lesson, 'number' | 'title'>,
  answer: string,
  step: StepVerdict,
): Message {
  const { sent = '', got = '', mongo, redis, likely = '', look = '' } = step;
  const evidence = { ...(mongo ? { Mongo: mongo } : {}), ...(redis ? { Redis: redis } : {}) };
  const rows = { sent, got, ...evidence, likely, look };
  const text = Object.entries(rows).map(([label, words]) => labelled(label, words));
  return {
    lesson: `Lesson ${lesson.number}: ${lesson.title}`,
    step: `${step.id} ${step.name}`,
    answer,
    text: steady(text.join('\n')),
  };
}

/** The words with placeholders, the same at each run. */
export function steady(words: string): string {
  return VARYING.reduce((text, [pattern, stands]) => text.replace(pattern, stands), words);
}

function labelled(label: string, words: string): string {
  return words
    .split('\n')
    .map((line, i) => `${(i === 0 ? label : '').padEnd(8)}${line}`.trimEnd())
    .join('\n');
}

/** The page, by lesson and step. */
export function messagesPage(messages: readonly Message[]): string {
  const parts = [INTRODUCTION];
  let [lesson, step] = ['', ''];
  for (const each of [...messages].sort(inOrder)) {
    if (each.lesson !== lesson) parts.push(`## ${each.lesson}\n`);
    if (each.step !== step) parts.push(`### ${each.step}\n`);
    [lesson, step] = [each.lesson, each.step];
    parts.push(`**${each.answer}**\n\n\`\`\`text\n${each.text}\n\`\`\`\n`);
  }
  return parts.join('\n');
}

/** The messages on the page. */
export function messagesOn(page: string): Message[] {
  const messages: Message[] = [];
  let [lesson, step] = ['', ''];
  const parts = /^## (.+)$|^### (.+)$|^\*\*(.+)\*\*\n\n```text\n([\s\S]*?)\n```$/gm;
  for (const [, ofLesson, ofStep, answer, text = ''] of page.matchAll(parts)) {
    if (answer) messages.push({ lesson, step, answer, text });
    [lesson, step] = [ofLesson ?? lesson, ofStep ?? step];
  }
  return messages;
}

/**
 * The page with these messages.
 * @param page the current page
 * @param told the new messages
 * @param isRecorded whether an answer on the page still exists: its message stays when it was not graded
 */
export function refreshed(
  page: string,
  told: readonly Message[],
  isRecorded: (message: Message) => boolean,
): string {
  const now = new Map(
    messagesOn(page)
      .filter(isRecorded)
      .map((message) => [keyOf(message), message]),
  );
  for (const message of told) now.set(keyOf(message), message);
  return messagesPage([...now.values()]);
}

/** The answers whose step or likely mistake differs between two pages, by the names of their proofs. */
export function differences(page: string, other: string): string[] {
  const [here, there] = [page, other].map(
    (each) => new Map(messagesOn(each).map((m) => [keyOf(m), judged(m)])),
  );
  const keys = new Set([...(here?.keys() ?? []), ...(there?.keys() ?? [])]);
  return [...keys].filter((key) => here?.get(key) !== there?.get(key));
}

/** The part of a message that is the same at each run. Evidence may differ: of two events at the same time, either may come first. */
function judged({ step, text }: Message): string {
  const [likely = ''] = /^likely [\s\S]*?(?=^look\b)/m.exec(text) ?? [];
  return `${step}\n${likely}`;
}

const keyOf = ({ lesson, answer }: Message) => `${lesson.split(':')[0]?.toLowerCase()}: wrong: ${answer}`;

/** By the numbers of lesson and step, then by name. */
function inOrder(a: Message, b: Message): number {
  const [[lessonA, stepA], [lessonB, stepB]] = [numbers(a), numbers(b)];
  return lessonA - lessonB || stepA - stepB || (a.answer < b.answer ? -1 : 1);
}

function numbers({ step }: Message): [number, number] {
  const [lesson, number] = step.split(/[ .]/, 2).map(Number);
  return [lesson ?? 0, number ?? 0];
}
