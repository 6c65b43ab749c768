import type { Trial } from './trial.ts';

export const GROUPS = {
  keeping: 'What it keeps',
  ending: 'When a session ends',
  logout: 'After a logout',
  outage: 'When its backend is away',
  leaving: 'What it makes, and what it leaves',
} as const;

/** One thing that a store does well or not. */
export interface Behaviour {
  readonly id: string;
  readonly group: keyof typeof GROUPS;
  /** The head of its column. */
  readonly title: string;
  /** What is asked, in plain words. */
  readonly question: string;
  /** The lesson that teaches why. */
  readonly lesson: number;
  /** Whether an app depends on it. Otherwise it is good to have. */
  readonly must: boolean;
  /** Why a store that fails it hurts, and what helps, in a sentence. */
  readonly trap: string;
}

/** An experiment that shows one or more behaviours. */
export interface Scenario {
  readonly behaviours: readonly Behaviour[];
  /** It waits, moves the clock or plays an outage: its process and its place are its own. */
  readonly alone?: true;
  /** `server`: a backend behind the proxy. `place`: one that is outside the process. */
  readonly needs?: 'server' | 'place';
  /** Tells each behaviour's cell by `trial.tell`. */
  ask(trial: Trial): Promise<void>;
}
