import { randomBytes } from 'node:crypto';

/** What is sent for each file field: a small picture, or nothing, as a browser sends a field that nobody filled in. */
export type Files = Readonly<Record<string, 'picture' | 'empty'>>;

/** A PNG of one pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A form with files, as a browser sends it (RFC 7578). */
export function multipart(
  form: Readonly<Record<string, string>>,
  files: Files,
): { readonly type: string; readonly body: Buffer } {
  const boundary = `----audit${randomBytes(12).toString('hex')}`;
  const part = (head: string, content: string | Buffer) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(content as string),
    Buffer.from('\r\n'),
  ];
  const fields = Object.entries(form).flatMap(([name, value]) => part(`name="${quoted(name)}"`, value));
  const sent = Object.entries(files).flatMap(([name, what]) =>
    what === 'picture'
      ? part(`name="${quoted(name)}"; filename="picture.png"\r\nContent-Type: image/png`, PICTURE)
      : part(`name="${quoted(name)}"; filename=""\r\nContent-Type: application/octet-stream`, ''),
  );
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...fields, ...sent, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

const quoted = (name: string) => name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
