import jsTokens from 'js-tokens';
import { escaped } from '../../../shared/html.ts';
import { Html, html } from './html.ts';

const KEYWORDS = new Set(
  (
    'as async await break case catch class const continue default delete do else export extends false finally for from ' +
    'function if import in instanceof interface let new null of return super switch this throw true try type typeof ' +
    'undefined var void while'
  ).split(' '),
);
const STYLES: Readonly<Record<string, string>> = {
  StringLiteral: 's',
  NoSubstitutionTemplate: 's',
  NumericLiteral: 'n',
  SingleLineComment: 'c',
  MultiLineComment: 'c',
};

/** Code with its words coloured. js-tokens, which the terminal uses too, handles TypeScript well enough for that. */
export function highlighted(code: string, language = ''): Html {
  if (language === 'sh')
    return new Html(escaped(code).replaceAll(/^\s*#.*|\s# .*$/gm, '<i class="c">$&</i>'));
  if (!/^(ts|js|json)$/.test(language)) return html`${code}`;
  return html`${[...jsTokens(code)].map(({ type, value }) => {
    const style = type === 'IdentifierName' && KEYWORDS.has(value) ? 'k' : STYLES[type];
    return style ? html`<i class="${style}">${value}</i>` : value;
  })}`;
}
