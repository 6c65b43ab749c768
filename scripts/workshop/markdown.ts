import { Marked, type Tokens } from 'marked';
import { markedTerminal } from 'marked-terminal';
import { wrapHanging } from './wrap.ts';

/**
 * Markdown for the terminal. marked-terminal was chosen because it renders all of Markdown and highlights code; its
 * load time (0.2 s) is why only the commands that show text import this module.
 * @param width columns to wrap at
 */
export function renderMarkdown(text: string, width = 80): string {
  const marked = new Marked();
  marked.use(markedTerminal({ showSectionPrefix: false, tab: 2 }) as never);
  marked.use({
    renderer: {
      // marked-terminal 7 prints the text of list items as it is; since marked 13 its parts come as tokens.
      text(token) {
        const { tokens } = token as Tokens.Text;
        return tokens ? this.parser.parseInline(tokens) : false;
      },
    },
    walkTokens: (token) => {
      // ```ts file=solutions/… names the file an excerpt is from. The highlighter wants the language alone.
      if (token.type === 'code') token.lang = token.lang?.split(' ')[0];
      // A line break in a paragraph of the source is a space: lines are broken for this terminal, below.
      if (token.type === 'text') token.text = token.text.replaceAll('\n', ' ');
    },
  });
  const rendered = (marked.parse(text) as string).trimEnd();
  return rendered
    .split('\n')
    .flatMap((line) => wrapHanging(line, Math.min(width, 100)))
    .join('\n');
}
