import type { Trial } from './trial.ts';

export const GROUPS = {
  keeping: 'What it keeps',
  ending: 'When a session ends',
  logout: 'After a logout',
  outage: 'When its backend is away',
  leaving: 'What it makes, and what it leaves',
} as const;

/** Something that a store does right or wrong. */
export interface Behaviour {
  readonly id: string;
  readonly group: keyof typeof GROUPS;
  /** The heading of its column. */
  readonly title: string;
  /** The question, in plain words. */
  readonly question: string;
  /** The lesson about it. */
  readonly lesson: number;
  /** Whether an app depends on it. Otherwise it is only useful. */
  readonly must: boolean;
  /** Why failing it is harmful, and what helps, in a sentence. */
  readonly trap: string;
}

/** An experiment that shows one or more behaviours. */
export interface Scenario {
  readonly behaviours: readonly Behaviour[];
  /** It waits, moves the clock or plays an outage, so it has its own process and place. */
  readonly alone?: true;
  /** How long it waits on an idle machine, in seconds, when that is long. The longest begin first. */
  readonly waits?: number;
  /** `server`: a backend behind the proxy. `place`: a backend outside the process. */
  readonly needs?: 'server' | 'place';
  /** Tells the cell of each behaviour with `trial.tell`. */
  ask(trial: Trial): Promise<void>;
}
