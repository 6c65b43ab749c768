import type { SourceFile } from '../app/source-of.ts';
import { NoAnswer, type Visitor } from './visitor.ts';

/**
 * The origin of an app's front end, when that is another server and the app refuses all other origins, also its own;
 * undefined for most apps.
 */
export async function frontEndOf(
  visitor: Visitor,
  sources: readonly SourceFile[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  try {
    const usual = await visitor.get('/');
    const own = await visitor.get('/', { Origin: visitor.origin });
    if (own.status < 400 || own.status === usual.status) return undefined;
    for (const origin of originsIn(sources, Object.values(environment))) {
      const { status, headers } = await visitor.get('/', { Origin: origin });
      if (status === usual.status && headers['access-control-allow-origin'] === origin) return origin;
    }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
  return undefined;
}

/** Addresses in variables and in string literals that may be an origin; those of a developer's machine first. */
function originsIn(sources: readonly SourceFile[], values: readonly string[]): string[] {
  const given = values.flatMap((value) => value.match(/\bhttps?:\/\/[\w.-]+(?::\d+)?/g) ?? []);
  const inSources = sources.flatMap(({ text }) =>
    [...text.matchAll(/(['"`])(https?:\/\/[\w.-]+(?::\d+)?)\/?\1/g)].map(([, , origin = '']) => origin),
  );
  const isLocal = (origin: string) => (/\/\/(?:localhost|127\.0\.0\.1)/.test(origin) ? 0 : 1);
  return [...new Set([...given, ...inSources])].sort((a, b) => isLocal(a) - isLocal(b)).slice(0, 20);
}
