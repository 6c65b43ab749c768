import type { Account } from './account.ts';
import { type Action, describeAction, isHtml, play } from './action.ts';
import { readPage } from './read-page.ts';
import { type Exchange, NoAnswer, type Visitor } from './visitor.ts';

/** Whether an answer is no refusal. A page that shows the form again may be either. */
export const looksDone = ({ status }: Exchange) => status < 400;

/**
 * Plays a sign-up or login.
 * @param tried gets a line when it does not work
 * @returns the last answer; undefined when there was none, or it is a refusal
 */
export async function attempt(
  visitor: Visitor,
  action: Action,
  account: Account,
  tried: string[],
  what: string,
  password = account.password,
): Promise<Exchange | undefined> {
  try {
    const { acted, all } = await play(visitor, action, account, { password });
    const last = all.at(-1) ?? acted;
    if (acted.status < 400) return last;
    tried.push(`${what} by ${describeAction(action)}: ${acted.status}${inBrief(acted)}`);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    tried.push(`${what} by ${describeAction(action)}: ${error.message}`);
  }
  return undefined;
}

/** The start of an answer that is no page, or the longest heading of an error page: there an app says what it expects. */
function inBrief({ headers, body }: Exchange): string {
  const isPage = !/json|plain/.test(headers['content-type'] ?? '');
  const headings = isPage
    ? [...body.matchAll(/<(h1|h2|pre)\b[^>]*>(.*?)<\/\1>/gis)].map(([, , text = '']) => text)
    : [];
  const [words = body] = headings.sort((a, b) => b.length - a.length);
  const plain = isPage ? words.replace(/<(style|script|head)\b.*?<\/\1>|<[^>]*>|&nbsp;/gis, ' ') : words;
  const text = plain.trim().replace(/\s+/g, ' ').slice(0, 160);
  return text && ` ${text}`;
}

/** How many file fields an action leaves empty. */
export const empties = ({ files = {} }: Action) =>
  Object.values(files).filter((each) => each === 'empty').length;

/** Whether an answer is a page with the form of that action: it may have been refused. */
export function showsAgain(visitor: Visitor, { method, path }: Action, answer: Exchange): boolean {
  if (!isHtml(answer)) return false;
  const { forms } = readPage(answer.body);
  return forms.some(
    (form) => form.method === method && visitor.pathOf(form.action || answer.path, answer.path) === path,
  );
}
