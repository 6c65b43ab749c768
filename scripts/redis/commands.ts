/**
 * Splits the bytes that a client sends to a Redis into commands, whatever their chunks (RESP: arrays of bulk strings).
 * @param heard is called with the words of each command
 */
export function commandReader(heard: (words: string[]) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let readable = true;
  return (chunk) => {
    if (!readable) return;
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    try {
      for (let found = commandAt(rest); found; found = commandAt(rest)) {
        heard(found.words);
        rest = rest.subarray(found.end);
      }
    } catch {
      // This is no array of strings, so the following commands cannot be found either.
      readable = false;
      rest = Buffer.alloc(0);
    }
  };
}

/** The first command in the bytes; undefined while it is incomplete. @throws {Error} when the bytes are no command */
function commandAt(bytes: Buffer): { words: string[]; end: number } | undefined {
  if (bytes.length === 0) return undefined;
  const count = numberAt(bytes, 0, '*');
  if (!count) return undefined;
  const words: string[] = [];
  let at = count.end;
  while (words.length < count.value) {
    const size = numberAt(bytes, at, '$');
    if (!size || size.end + size.value + 2 > bytes.length) return undefined;
    words.push(bytes.toString('utf8', size.end, size.end + size.value));
    at = size.end + size.value + 2;
  }
  return { words, end: at };
}

function numberAt(bytes: Buffer, at: number, mark: string): { value: number; end: number } | undefined {
  if (at >= bytes.length) return undefined;
  const end = bytes.indexOf('\r\n', at);
  if (end === -1 && bytes.length - at < 20) return undefined;
  const value = Number(bytes.toString('latin1', at + 1, end));
  if (bytes.toString('latin1', at, at + 1) !== mark || !Number.isInteger(value))
    throw new Error('no command');
  return { value, end: end + 2 };
}
