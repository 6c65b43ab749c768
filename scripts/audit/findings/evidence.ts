import { lastWords } from '../app/output.ts';
import { NoAnswer } from '../browse/http.ts';
import type { Exchange } from '../browse/visitor.ts';

/** The start of a cookie's value or an ID: enough to tell two apart. */
export const cut = (value: string): string => (value.length > 12 ? `${value.slice(0, 12)}…` : value);

/** A Set-Cookie line with its value cut. */
const shownLine = (line: string): string =>
  line.replace(/^([^=]+)=([^;]*)/, (_, name: string, value: string) => `${name}=${cut(value)}`);

/** 'POST /login → 302 to /account', and each Set-Cookie on a separate line. */
export function told(exchange: Exchange): string[] {
  const { method, path, status, headers, setCookies, ms, whose } = exchange;
  const to = headers.location ? ` to ${headers.location}` : '';
  const more = `${whose ? `, ${whose}` : ''}${ms >= 1000 ? `, after ${seconds(ms)}` : ''}`;
  return [
    `${method} ${path} → ${status}${to}${more}`,
    ...setCookies.map((line) => `  Set-Cookie: ${shownLine(line)}`),
  ];
}

/** The same for a request that may have had no answer. */
export const toldOf = (what: string, answer: Exchange | NoAnswer): string[] =>
  answer instanceof NoAnswer ? [`${what} → ${answer.message}`] : told(answer);

/** The last message in an app's output. */
export const printed = (output: string): string[] => [`  it printed: ${lastWords(output) || 'nothing'}`];

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

/** A duration in words. */
export function span(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ];
  for (const [size, name] of units) {
    const count = Math.round((ms / size) * 10) / 10;
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'}`;
  }
  return `${Math.round(ms)} ms`;
}
