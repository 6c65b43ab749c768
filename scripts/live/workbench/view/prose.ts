import { Marked } from 'marked';
import { escaped } from '../../../shared/html.ts';
import { highlighted } from './code.ts';
import { Html, html } from './html.ts';

/** Markdown as the pages of this workshop use it. What looks like HTML in it is shown as text. */
export function prose(markdown: string): Html {
  return new Html(marked.parse(markdown) as string);
}

const marked = new Marked({
  renderer: {
    code: ({ text, lang = '' }) => {
      const [language, note] = lang.split(' ');
      const file = note?.startsWith('file=') ? html`<figcaption>${note.slice(5)}</figcaption>` : undefined;
      return html`<figure class="code">${file}<pre tabindex="0"><code>${highlighted(text, language)}</code></pre></figure>`
        .text;
    },
    table({ header, rows }) {
      const cells = (row: typeof header, tag: string) =>
        new Html(row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join(''));
      const body = rows.map((row) => html`<tr>${cells(row, 'td')}</tr>`);
      return html`<div class="wide" tabindex="0" role="group" aria-label="Table"><table><thead><tr>${cells(header, 'th')}</tr></thead><tbody>${body}</tbody></table></div>`
        .text;
    },
    html: ({ text }) => (text.startsWith('<!--') ? '' : escaped(text)),
    link({ href, tokens }) {
      // Paths of the repository are no links: they open in an editor.
      const words = new Html(this.parser.parseInline(tokens));
      return /^https?:/.test(href)
        ? html`<a href="${href}" target="_blank" rel="noreferrer">${words}</a>`.text
        : html`<span class="path" title="${href}">${words}</span>`.text;
    },
    image: ({ text }) => escaped(text),
  },
});
