import { Shopper } from '#grader/check/shopper.ts';

/** A page with a form that does not show the waiting message, so that other pages still can. */
const PAGE_WITH_FORM = '/signup';

/** A shopper for the finished shop: each form is sent with the token that the shop has hidden in it. */
export class FormShopper extends Shopper {
  readonly #tokens = new Map<string, string>();

  override async fills(_path: string, fields: Readonly<Record<string, string>>) {
    const token = await this.token();
    return token ? { csrf: token, ...fields } : fields;
  }

  /** The token in the forms of this shopper's pages; undefined without a session, or without an answer. */
  async token(): Promise<string | undefined> {
    const id = this.sessionId();
    if (!id) return undefined;
    const known = this.#tokens.get(id);
    if (known) return known;
    const { body } = await this.asks(PAGE_WITH_FORM);
    const token = hiddenField(body, 'csrf');
    if (token) this.#tokens.set(id, token);
    return token;
  }
}

/** The first value of a hidden field in a page. */
export function hiddenField(page: string, name: string): string | undefined {
  return page.match(new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`))?.[1];
}
