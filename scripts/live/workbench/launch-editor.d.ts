// launch-editor brings no types. Only these two functions are used.
declare module 'launch-editor' {
  /** Opens an editor at 'file:line'. @param failed called when it cannot */
  export default function launch(
    place: string,
    editor: string,
    failed: (file: string, message: string | null) => void,
  ): void;
}

declare module 'launch-editor/guess.js' {
  /** The learner's editor, and arguments for it: one that runs, else that of VISUAL or EDITOR, else null. */
  export default function guess(): readonly [editor: string | null, ...args: string[]];
}
