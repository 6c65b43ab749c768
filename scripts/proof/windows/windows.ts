/** A Windows to run the workshop on: this one, or Wine on Linux. */
export interface Windows {
  /** What it is, for the report: 'Node 22.23.3 on Wine 8.0'. */
  readonly about: string;
  /** Node's program, by its Windows path. */
  readonly node: string;
  /** The flags that make npm install for Windows. */
  readonly npmFlags: readonly string[];
  /** Variables that its programs need beside their own. */
  readonly env: NodeJS.ProcessEnv;
  /** The program `name` of tools/, by its path on this system. */
  tool(name: string): string;
  /** The Windows path of a path of this system. */
  path(path: string): string;
  /** What starts a Windows program from here: a command, and the arguments before the program's own. */
  readonly starter: readonly string[];
  /** Ends what runs between programs. */
  close(): Promise<void>;
}
