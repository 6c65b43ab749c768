import chalk from 'chalk';
import jsTokens from 'js-tokens';
import { type MarkedToken, marked, type Token, type Tokens } from 'marked';
import { tableLines } from '../shared/table.ts';
import { wrapHanging } from '../shared/wrap.ts';

/** The widest line of prose, in columns: longer lines are hard to read. */
const MAX_WIDTH = 100;

/**
 * Renders Markdown for a terminal. marked parses it. The styles are bold, italic and underlined only: on a projector some
 * colours are unreadable on light, others on dark.
 * @param width columns to wrap at
 */
export function renderMarkdown(text: string, width = 80): string {
  return renderBlocks(marked.lexer(text), Math.min(width, MAX_WIDTH)).join('\n').trimEnd();
}

/** The lines of block tokens, with an empty line between two blocks. */
function renderBlocks(tokens: readonly Token[], width: number, gap = ['']): string[] {
  return tokens
    .map((token) => renderBlock(token as MarkedToken, width))
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i === 0 ? lines : [...gap, ...lines]));
}

function renderBlock(token: MarkedToken, width: number): string[] {
  switch (token.type) {
    case 'heading': {
      const style = token.depth === 1 ? chalk.bold.underline : chalk.bold;
      return wrap(style(renderInline(token.tokens)), width);
    }
    case 'paragraph':
    case 'text':
      return wrap(token.tokens ? renderInline(token.tokens) : token.text, width);
    case 'code':
      return indent(highlight(token.text, token.lang?.split(' ')[0]).split('\n'), '    ');
    case 'list':
      return renderList(token, width);
    case 'blockquote':
      return indent(renderBlocks(token.tokens, width - 4), '  │ ');
    case 'table':
      return tableLines(
        [
          token.header.map((cell) => chalk.bold(renderInline(cell.tokens))),
          ...token.rows.map((row) => row.map((cell) => renderInline(cell.tokens))),
        ],
        { width, rule: true },
      );
    case 'hr':
      return ['─'.repeat(width)];
    default:
      // Comments, link definitions and blank space are not shown.
      return [];
  }
}

function renderList({ items, ordered, start, loose }: Tokens.List, width: number): string[] {
  const marks = items.map((_, i) => (ordered ? `  ${Number(start || 1) + i}. ` : '  * '));
  const room = Math.max(...marks.map((mark) => mark.length));
  return items.flatMap((item, i) => {
    const lines = renderBlocks(item.tokens, width - room, loose ? [''] : []);
    const [first = '', ...rest] = lines;
    const between = loose && i > 0 ? [''] : [];
    return [...between, (marks[i] ?? '').padStart(room) + first, ...indent(rest, ' '.repeat(room))];
  });
}

function renderInline(tokens: readonly Token[]): string {
  return tokens.map((token) => renderSpan(token as MarkedToken)).join('');
}

function renderSpan(token: MarkedToken): string {
  switch (token.type) {
    case 'strong':
      return chalk.bold(renderInline(token.tokens));
    case 'em':
      return chalk.italic(renderInline(token.tokens));
    case 'codespan':
      return chalk.bold(token.text);
    case 'link': {
      const text = renderInline(token.tokens);
      return text === token.href ? chalk.underline(token.href) : `${text} (${chalk.underline(token.href)})`;
    }
    case 'image':
      return token.text;
    case 'br':
      return '\n';
    case 'text':
      // A line break in the source is a space: lines are broken for this terminal.
      return token.tokens ? renderInline(token.tokens) : token.text.replaceAll('\n', ' ');
    case 'html':
      return '';
    default:
      return 'text' in token ? token.text : token.raw;
  }
}

/** Keywords bold, comments italic. js-tokens handles TypeScript well enough for that, and is 20 kB. */
function highlight(code: string, language = ''): string {
  if (language === 'sh') return code.replaceAll(/^\s*#.*|\s# .*$/gm, (comment) => chalk.italic(comment));
  if (language !== 'ts' && language !== 'js') return code;
  return [...jsTokens(code)]
    .map(({ type, value }) => {
      if (/Comment$/.test(type)) return eachLine(value, chalk.italic);
      return type === 'IdentifierName' && KEYWORDS.has(value) ? chalk.bold(value) : value;
    })
    .join('');
}

const KEYWORDS = new Set(
  (
    'as async await break case catch class const continue default delete do else export extends false finally for from ' +
    'function if import in instanceof interface let new null of return super switch this throw true try type typeof ' +
    'undefined var void while'
  ).split(' '),
);

const eachLine = (text: string, style: (line: string) => string) =>
  text
    .split('\n')
    .map((line) => style(line))
    .join('\n');
const wrap = (text: string, width: number) => text.split('\n').flatMap((line) => wrapHanging(line, width));
const indent = (lines: readonly string[], by: string) =>
  lines.map((line) => (line === '' ? '' : `${by}${line}`));
