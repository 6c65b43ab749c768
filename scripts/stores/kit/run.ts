import type { Backend } from '../backends/index.ts';
import type { Scenario } from './behaviour.ts';
import { bad, type Cell, isTooBusy, tooBusy, untested } from './cell.ts';
import type { Control } from './control.ts';
import { Site } from './site.ts';
import { NotStarted, ProcessLost, TIMED_OUT } from './store-process.ts';
import { type TimeLimits, Trial } from './trial.ts';

/** Each behaviour's cell, by its ID. */
export type Cells = Readonly<Record<string, Cell>>;

/** How often a scenario is played again. */
const TIMES_AGAIN = 3;
/** The limit for the wait until the machine is idle, in milliseconds. */
const CALM_WITHIN_MS = 30_000;
/** In milliseconds. A process that ends on a late machine may have lost a connection because of that. */
const ENDS_BY_LATENESS_MS = 5000;
/** In milliseconds. Some clients give up a connection that soon. */
const GIVES_UP_MS = 250;

export interface Running {
  /** The file that opens the store. */
  readonly module: string;
  readonly backend: Backend;
  readonly limits: TimeLimits;
  /** Tells how late the machine is. */
  readonly control: Pick<Control, 'latest' | 'calm'>;
  /** How many scenarios with their own process run at the same time. */
  readonly atATime: number;
  /** Stops playing. The cells so far are kept. */
  readonly signal?: AbortSignal;
}

/** Plays scenarios on one store. No error of the store rejects it. */
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
  ]
    .filter((lane) => lane.length > 0)
    .sort((one, other) => lasts(other) - lasts(one));
  const worker = async () => {
    for (let lane = lanes.shift(); lane && !running.signal?.aborted; lane = lanes.shift()) {
      Object.assign(cells, await playLane(lane, running));
    }
  };
  await Promise.all(Array.from({ length: running.atATime }, worker));
  return cells;
}

/**
 * Plays scenarios again for which the machine was too busy: one at a time, each after a wait for an idle machine.
 * @param limitMs the limit for all of them, in milliseconds; a scenario that has begun is finished
 * @returns all cells, also those that stay too busy
 */
export async function runAgain(
  scenarios: readonly Scenario[],
  cells: Cells,
  running: Omit<Running, 'atATime'>,
  limitMs: number,
): Promise<Cells> {
  const told: Record<string, Cell> = { ...cells };
  const left = () => (running.signal?.aborted ? 0 : start + limitMs - performance.now());
  const start = performance.now();
  for (const scenario of scenarios) {
    for (let time = 1; time <= TIMES_AGAIN && left() > 0; time++) {
      if (!scenario.behaviours.some(({ id }) => isTooBusy(told[id]))) break;
      await running.control.calm(Math.min(CALM_WITHIN_MS, left()), running.signal);
      const again = await runScenarios([scenario], { ...running, atATime: 1 });
      for (const [id, cell] of Object.entries(again)) {
        if (!isTooBusy(cell) || isTooBusy(told[id])) told[id] = cell;
      }
    }
  }
  return told;
}

/** In seconds. Scenarios that share a place mostly do not wait: about half a second each. */
const lasts = (lane: readonly Scenario[]) => lane.reduce((sum, { waits = 0.5 }) => sum + waits, 0);

function inapplicable({ needs }: Scenario, { proxy, canBeAway }: Site): string | undefined {
  if (needs === 'server' && !proxy) return 'Its backend is no server.';
  if (needs === 'place' && !canBeAway)
    return 'It was opened without a backend: there is none that could be away.';
  return undefined;
}

/** Plays scenarios that share a place, one after the other. */
async function playLane(
  lane: readonly Scenario[],
  { module, backend, limits, control, signal }: Running,
): Promise<Cells> {
  const site = await Site.of(backend);
  const trial = new Trial(module, site, limits, control, lasts(lane));
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

/** How late a machine may be without causing the problem, in milliseconds; undefined: any time. */
function marginOf(problem: Error): number | undefined {
  if (problem instanceof ProcessLost) return ENDS_BY_LATENESS_MS;
  return TIMED_OUT.test(problem.message) ? GIVES_UP_MS : undefined;
}

async function play(scenario: Scenario, trial: Trial): Promise<void> {
  trial.begin();
  try {
    await scenario.ask(trial);
  } catch (error) {
    const problem = error as Error;
    if (problem instanceof NotStarted) {
      for (const { id } of scenario.behaviours) {
        if (!trial.cells.has(id)) trial.cells.set(id, tooBusy(problem.message));
      }
      return;
    }
    // An earlier scenario may have caused it, so the scenario is played again in a new process.
    if (problem instanceof ProcessLost && !scenario.alone && !trial.sharedIsNew) return play(scenario, trial);
    const short = problem instanceof ProcessLost ? problem.short : 'fails';
    // Only one cell reports that the process ended.
    const isTold = [...trial.cells.values()].some((told) => told.evidence.includes(problem.message));
    const cell = isTold ? untested(short, `Not reached. ${problem.message}`) : bad(short, problem.message);
    for (const behaviour of scenario.behaviours) {
      if (!trial.cells.has(behaviour.id)) trial.tell(behaviour, cell, marginOf(problem));
    }
  }
}
