/**
 * Calls back for each key that is pressed in the terminal. Without a terminal there are no keys.
 * @returns a function that stops listening and restores the terminal
 */
export function onKey(callback: (key: string) => unknown, input = process.stdin): () => void {
  if (!input.isTTY) return () => {};
  const listen = (data: Buffer) => {
    for (const key of data.toString('utf8')) callback(key);
  };
  input.setRawMode(true);
  input.resume();
  input.on('data', listen);
  return () => {
    input.off('data', listen);
    input.setRawMode(false);
    input.pause();
  };
}

/** Ctrl+C: in raw mode it arrives as a key, not as a signal. */
export const CTRL_C = '\x03';
