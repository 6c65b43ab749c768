import { UsageError } from '../../shared/errors.ts';

/** The default port of a class, unless it is taken or CLASS_PORT names another. */
export const DEFAULT_PORT = 4600;

/**
 * Reads a typed address of a class: '192.168.1.5:4600', with or without the port and http://
 * @returns 'http://192.168.1.5:4600'
 * @throws {UsageError} when it is no address
 */
export function readAddress(typed: string): string {
  const hasScheme = /^https?:\/\//i.test(typed);
  const url = `${hasScheme ? '' : 'http://'}${typed}`;
  if (!URL.canParse(url) || !/^[\w.:[\]%-]+\/?$/.test(typed.replace(/^https?:\/\//i, '')))
    throw new UsageError(`"${typed}" is no address. One looks like 192.168.1.5:${DEFAULT_PORT}`);
  const { protocol, hostname, port } = new URL(url);
  const saysPort = port !== '' || hasScheme || /:80$/.test(typed);
  return `${protocol}//${hostname}${saysPort ? port && `:${port}` : `:${DEFAULT_PORT}`}`;
}
