import type { Backend } from '../backends/index.ts';
import type { Scenario } from './behaviour.ts';
import { bad, type Cell, untested } from './cell.ts';
import { Site } from './site.ts';
import { ProcessLost } from './store-process.ts';
import { type Patience, Trial } from './trial.ts';

/** Each behaviour's cell, by its ID. */
export type Cells = Readonly<Record<string, Cell>>;

export interface Running {
  /** The file that opens the store. */
  readonly module: string;
  readonly backend: Backend;
  readonly patience: Patience;
  /** How many of the scenarios with a process of their own run at a time. */
  readonly atATime: number;
  /** Ends it. What was told by then is kept. */
  readonly signal?: AbortSignal;
}

/** Plays scenarios on one store. It never rejects by what the store does. */
export async function runScenarios(scenarios: readonly Scenario[], running: Running): Promise<Cells> {
  const cells: Record<string, Cell> = {};
  const applies: Scenario[] = [];
  const probe = await Site.of(running.backend);
  for (const scenario of scenarios) {
    const reason = inapplicable(scenario, probe);
    if (reason === undefined) applies.push(scenario);
    else for (const { id } of scenario.behaviours) cells[id] = untested('–', reason);
  }
  await probe.remove();
  const lanes = [
    applies.filter(({ alone }) => !alone),
    ...applies.filter(({ alone }) => alone).map((scenario) => [scenario]),
  ].filter((lane) => lane.length > 0);
  const worker = async () => {
    for (let lane = lanes.shift(); lane && !running.signal?.aborted; lane = lanes.shift()) {
      Object.assign(cells, await playLane(lane, running));
    }
  };
  await Promise.all(Array.from({ length: running.atATime }, worker));
  return cells;
}

function inapplicable({ needs }: Scenario, { proxy, canBeAway }: Site): string | undefined {
  if (needs === 'server' && !proxy) return 'The store has no server.';
  if (needs === 'place' && !canBeAway) return 'The store keeps sessions in its own process.';
  return undefined;
}

/** Scenarios that share a place, one after the other. */
async function playLane(
  lane: readonly Scenario[],
  { module, backend, patience, signal }: Running,
): Promise<Cells> {
  const site = await Site.of(backend);
  const trial = new Trial(module, site, patience);
  const end = () => void trial.end();
  signal?.addEventListener('abort', end, { once: true });
  try {
    for (const scenario of lane) {
      if (signal?.aborted) break;
      await play(scenario, trial);
    }
  } finally {
    signal?.removeEventListener('abort', end);
    await trial.end();
    await site.remove();
  }
  return Object.fromEntries(trial.cells);
}

async function play(scenario: Scenario, trial: Trial): Promise<void> {
  try {
    await scenario.ask(trial);
  } catch (error) {
    const problem = error as Error;
    // It may be what an earlier scenario left behind: only a process of its own can tell.
    if (problem instanceof ProcessLost && !scenario.alone && !trial.sharedIsNew) return play(scenario, trial);
    const short = problem instanceof ProcessLost ? problem.short : 'fails';
    // That it ended is told once, where a behaviour asks just that.
    const isTold = [...trial.cells.values()].some((told) => told.evidence === problem.message);
    const cell = isTold ? untested(short, `Not reached. ${problem.message}`) : bad(short, problem.message);
    for (const behaviour of scenario.behaviours) {
      if (!trial.cells.has(behaviour.id)) trial.tell(behaviour, cell);
    }
  }
}
