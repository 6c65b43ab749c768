import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { callingBack } from './calling-back.ts';
import { closing } from './closing.ts';
import { expiry } from './expiry.ts';
import { oddIds } from './ids.ts';
import { keeping } from './keeping.ts';
import { keptData } from './kept-data.ts';
import { listing } from './listing.ts';
import { logout } from './logout.ts';
import { making } from './making.ts';
import { month } from './month.ts';
import { outage } from './outage.ts';
import { sweeping } from './sweeping.ts';
import { visits } from './visits.ts';

/** All experiments, in the order of the page. */
export const SCENARIOS: readonly Scenario[] = [
  keeping,
  keptData,
  oddIds,
  callingBack,
  expiry,
  month,
  visits,
  logout,
  outage,
  making,
  sweeping,
  closing,
  listing,
].flat();

export const BEHAVIOURS: readonly Behaviour[] = SCENARIOS.flatMap(({ behaviours }) => behaviours);
