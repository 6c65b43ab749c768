import { OF_DEPLOYMENT } from './ailments-of-deployment.ts';
import { OF_MACHINE } from './ailments-of-machine.ts';
import { OF_NETWORK } from './ailments-of-network.ts';
import { OF_STRING } from './ailments-of-string.ts';

/** Every problem, by the id of its finding. */
export const CATALOGUE = { ...OF_MACHINE, ...OF_STRING, ...OF_NETWORK, ...OF_DEPLOYMENT };

/** The id of a problem. */
export type ProblemId = keyof typeof CATALOGUE;
