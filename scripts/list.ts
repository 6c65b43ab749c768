import { readArguments } from './workshop/arguments.ts';
import { EXIT } from './workshop/errors.ts';
import { findLessons } from './workshop/lessons.ts';
import { renderMap } from './workshop/map/map.ts';
import { keepPristine } from './workshop/pristine.ts';
import { readProgress } from './workshop/state.ts';

/** `npm run list`: the map of the workshop, to return to. */
export async function main(args: string[]): Promise<number> {
  readArguments(args, {});
  keepPristine();
  console.log(renderMap(findLessons(), readProgress()));
  return EXIT.ok;
}
