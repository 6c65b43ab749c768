import { OF_DEPLOYMENT } from './ailments-of-deployment.ts';
import { OF_MACHINE } from './ailments-of-machine.ts';
import { OF_NETWORK } from './ailments-of-network.ts';
import { OF_STRING } from './ailments-of-string.ts';

/** An ailment the doctor knows by name. */
export interface Entry {
  /** What people meet it as: words of the driver, the store or the system, `…` for what differs. Empty where it fails in silence. */
  readonly says: readonly string[];
  readonly cause: string;
  readonly fix: string;
  /** The lesson that shows it. */
  readonly lesson?: number;
}

/** Every ailment by the id its finding has: message, cause, fix, lesson. The one place where they are written down. */
export const CATALOGUE = { ...OF_MACHINE, ...OF_STRING, ...OF_NETWORK, ...OF_DEPLOYMENT };

/** The id of an ailment. */
export type Ailment = keyof typeof CATALOGUE;
