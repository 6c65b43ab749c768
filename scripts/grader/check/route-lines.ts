import { pathIn } from './redirects.ts';

/** Where an answer has its route for a request. @param sent 'POST /cart product=mug' */
export function routeOf(sent: string): RegExp {
  const [method = ''] = sent.split(/\s/);
  return new RegExp(`\\.(?:${method.toLowerCase()}|all)\\(\\s*${pathIn(sent)}`);
}

const NEXT_PART = /^\s*\w+\.(?:get|post|put|patch|delete|all|use|route)\(|^\}/;

/** The indices of the lines of a request's route: from its path to the next route, or to the end of the function. None when it is not there. */
export function linesOfRoute(lines: readonly string[], sent: string): number[] {
  const route = routeOf(sent);
  const first = lines.findIndex((line) => route.test(line));
  if (first === -1) return [];
  const next = lines.findIndex((line, i) => i > first && NEXT_PART.test(line));
  return [...lines.keys()].slice(first, next === -1 ? undefined : next);
}
