import chalk from 'chalk';
import { Marked, type Tokens } from 'marked';
import { markedTerminal } from 'marked-terminal';
import { wrapHanging } from '../shared/wrap.ts';
import { renderTable } from './markdown-table.ts';

/** Bold and underlined only: words in a colour are lost on a projector, some on a light ground and some on a dark one. */
const STYLES = {
  firstHeading: chalk.bold.underline,
  heading: chalk.bold,
  code: (line: string) => line,
  link: (text: string) => text,
  href: chalk.underline,
};
/** How far the text of a list's item stands from the edge. */
const ITEM_INDENT = 5;
const PLAIN_CODE = { theme: { default: (code: string) => code, keyword: chalk.bold, comment: chalk.italic } };

/**
 * Markdown for the terminal. marked-terminal was chosen because it renders all of Markdown and highlights code; its
 * load time (0.2 s) is why only the commands that show text import this module.
 * @param width columns to wrap at
 */
export function renderMarkdown(text: string, width = 80): string {
  const room = Math.min(width, 100);
  const indented = new Set<unknown>();
  const marked = new Marked();
  // The tokens hold the characters themselves: to unescape `&amp;` would show a text about it as one about `&`.
  const options = { ...STYLES, showSectionPrefix: false, tab: 2, unescape: false, emoji: false };
  marked.use(markedTerminal(options, PLAIN_CODE as never) as never);
  marked.use({
    renderer: {
      // marked-terminal 7 prints the text of list items as it is; since marked 13 its parts come as tokens.
      text(token) {
        const { tokens } = token as Tokens.Text;
        return tokens ? this.parser.parseInline(tokens) : false;
      },
      // Its own one puts a stand-in for each colon, and takes it out again in paragraphs only.
      codespan: ({ text }) => chalk.bold(text),
      table(token) {
        const inline = ({ tokens }: Tokens.TableCell) => this.parser.parseInline(tokens);
        const rows = [token.header, ...token.rows].map((row) => row.map(inline));
        return `${renderTable(rows, indented.has(token) ? room - ITEM_INDENT : room)}\n\n`;
      },
    },
    walkTokens: (token) => {
      if (token.type === 'list_item') for (const child of token.tokens ?? []) indented.add(child);
      // ```ts file=solutions/… names the file an excerpt is from. The highlighter wants the language alone.
      if (token.type === 'code') token.lang = token.lang?.split(' ')[0];
      // A line break in a paragraph of the source is a space: lines are broken for this terminal, below.
      if (token.type === 'text') token.text = token.text.replaceAll('\n', ' ');
    },
  });
  const rendered = (marked.parse(text) as string).trimEnd();
  return rendered
    .split('\n')
    .flatMap((line) => wrapHanging(line, room))
    .join('\n');
}
