const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as HTML, safe between tags and in quoted attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** The text that was written as HTML, by `escaped` or by a template: the opposite of `escaped`. */
export function unescaped(html: string): string {
  const characters = new Map(Object.entries(ENTITIES).map(([character, entity]) => [entity, character]));
  return html.replace(
    /&(?:#(\d+)|[a-z]+);/g,
    (entity, code) => characters.get(entity) ?? (code ? String.fromCodePoint(Number(code)) : entity),
  );
}

/** A page in one file. */
interface Page {
  /** As text. */
  readonly title: string;
  readonly style: string;
  /** As HTML. */
  readonly body: string;
}

/** A page as one file that loads nothing: its policy forbids requests to any host. */
export function wholePage({ title, style, body }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
