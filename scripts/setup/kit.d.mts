export const KIT: string;
export const BINARIES: string;
export const SUMS: string;
/** As much of kit/kit.json as is looked at. */
export interface Kit {
  /** When it was made, as in a Date's JSON. */
  readonly made: string;
  /** 'linux-x64' … */
  readonly platforms: readonly string[];
  /** Whether the development packages are in it. */
  readonly tests: boolean;
}
export function kitAt(root: string): Kit | undefined;
export function damagedIn(root: string): string[];
export function sha256Of(file: string): string;
export function makeExecutable(root: string): void;
