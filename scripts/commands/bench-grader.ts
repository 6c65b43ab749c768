import { isOver, renderFigures } from '../proof/bench-engine/figure.ts';
import { measureCommands } from '../proof/bench-grader/commands.ts';
import { measureSaves } from '../proof/bench-grader/saves.ts';
import { Workspace } from '../proof/bench-grader/workspace.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';

/** How often each is measured; saves more often, because they are quick. */
const ROUNDS = { commands: 5, saves: 20 };

/**
 * `npm run bench:grader`: how long the learner waits, in a copy of the workshop. Each figure is a ratio to a bare `vitest run`
 * of one empty test, started the same way in the same round. Exit code 1 when a figure is over its limit.
 */
export async function main(args: string[]): Promise<number> {
  const { values } = readArguments(args, { json: { type: 'boolean' } });
  const workspace = new Workspace(3);
  try {
    const { figures, bare } = await measureCommands(workspace.dir, ROUNDS.commands);
    figures.push(await measureSaves(workspace, ROUNDS.saves, bare));
    const report = figures.map((figure) => ({ ...figure, over: isOver(figure) }));
    console.log(
      values.json ? JSON.stringify({ schema: 1, figures: report }, null, 2) : renderFigures(figures),
    );
    return figures.some(isOver) ? EXIT.notYet : EXIT.ok;
  } finally {
    workspace.remove();
  }
}
