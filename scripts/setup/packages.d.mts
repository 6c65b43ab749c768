/** As much of package-lock.json as is looked at. */
export interface Lock {
  packages: Record<
    string,
    {
      version?: string;
      dev?: boolean;
      optional?: boolean;
      devOptional?: boolean;
      dependencies?: Record<string, string>;
    }
  >;
}
export function ensureInstalled(root: string, options: { dev: boolean }): boolean;
export function missingPackages(
  wanted: Lock | undefined,
  installed: Lock | undefined,
  options: { dev: boolean },
): string[];
export function npmCommand(args: string[]): {
  file: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  shell: boolean;
};
export function npmCommand(args: string[]): {
  file: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  shell: boolean;
};
