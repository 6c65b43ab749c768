/** A request that a browser sent, and the needed part of its answer. The first four fields are as in a HAR file. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly postData?: {
    readonly mimeType?: string;
    readonly text?: string;
    readonly params?: readonly { readonly name: string; readonly value?: string }[];
  };
  /** The answer's status. */
  readonly status?: number;
  /** The answer's Content-Type. */
  readonly type?: string;
}

/** What was sent: the fields of a form, or of an object as JSON. */
export interface Body {
  readonly kind: 'form' | 'json';
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The body of a request; undefined when it is neither a form nor an object as JSON. */
export function bodyOf({ postData, headers = [] }: RecordedRequest): Body | undefined {
  // A form with only a button has a Content-Type and no body.
  const type = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  if (!postData) return /urlencoded/.test(type) ? { kind: 'form', fields: {} } : undefined;
  const { mimeType = '', text = '', params = [] } = postData;
  if (/json/.test(mimeType)) {
    const fields = parsed(text);
    return typeof fields === 'object' && fields !== null && !Array.isArray(fields)
      ? { kind: 'json', fields: fields as Record<string, unknown> }
      : undefined;
  }
  if (!/urlencoded/.test(mimeType)) return undefined;
  const fields = text
    ? new URLSearchParams(text)
    : params.map(({ name, value = '' }) => [decoded(name), decoded(value)]);
  return { kind: 'form', fields: Object.fromEntries(fields) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** DevTools writes URL-encoded values. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
