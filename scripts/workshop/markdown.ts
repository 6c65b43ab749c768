import { Marked } from 'marked';
import { markedTerminal } from 'marked-terminal';

/**
 * Markdown for the terminal. marked-terminal was chosen because it renders all of Markdown and highlights code; its
 * load time (0.2 s) is why only the commands that show text import this module.
 * @param width columns to wrap at
 */
export function renderMarkdown(text: string, width = 80): string {
  const marked = new Marked();
  marked.use(
    markedTerminal({
      width: Math.min(width, 100),
      reflowText: true,
      showSectionPrefix: false,
      tab: 2,
    }) as never,
  );
  // ```ts file=solutions/… names the file an excerpt is from. The highlighter wants the language alone.
  marked.use({
    walkTokens: (token) => {
      if (token.type === 'code') token.lang = token.lang?.split(' ')[0];
    },
  });
  return (marked.parse(text) as string).trimEnd();
}
