import { findLessons } from '../course/lessons.ts';
import { renderMap } from '../course/map/render-map.ts';
import { prepareWork } from '../course/prepare.ts';
import { readProgress } from '../course/progress.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';

/** `npm run list`: the map of the workshop. */
export async function main(args: string[]): Promise<number> {
  readArguments(args, {});
  prepareWork([]);
  console.log(renderMap(findLessons(), readProgress()));
  return EXIT.ok;
}
