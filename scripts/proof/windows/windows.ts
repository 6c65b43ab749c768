/** A Windows to run the workshop on: this one, or what Wine makes of Linux. */
export interface Windows {
  /** What it is, for the report: 'Node 22.23.3 on Wine 8.0'. */
  readonly about: string;
  /** Node's program, by a path of Windows. */
  readonly node: string;
  /** What npm is to be told, so that it installs for Windows. */
  readonly npmFlags: readonly string[];
  /** Variables that its programs need beside their own. */
  readonly env: NodeJS.ProcessEnv;
  /** The program `name` of tools/, by a path of this system. */
  tool(name: string): string;
  /** A path of this system as one of Windows. */
  path(path: string): string;
  /** What starts a program of Windows from here: a command, and the words before the program's own. */
  readonly starter: readonly string[];
  /** Ends what goes on between programs. */
  close(): Promise<void>;
}
