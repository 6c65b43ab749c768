import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { ending } from './ending.ts';
import { keeping } from './keeping.ts';
import { leaving } from './leaving.ts';
import { logout } from './logout.ts';
import { outage } from './outage.ts';

/** Everything that is asked of a store, in the order of the page. */
export const SCENARIOS: readonly Scenario[] = [...keeping, ...ending, ...logout, ...outage, ...leaving];

export const BEHAVIOURS: readonly Behaviour[] = SCENARIOS.flatMap(({ behaviours }) => behaviours);
