import { escaped } from '../../../shared/html.ts';

/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | undefined | null | false | readonly Value[];

/** HTML with values in it, each escaped unless it is HTML itself. undefined, null and false show nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, i) => part + (i < values.length ? rendered(values[i]) : '')).join(''));
}

function rendered(value: Value): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(rendered).join('');
  return value === undefined || value === null || value === false ? '' : escaped(String(value));
}
