/** The functions that another process can call. Argument and result are JSON. */
export type Handlers = Record<string, (detail: never) => unknown>;

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly detail: unknown;
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** The child's side of a LabProcess: answers calls, and ends when the parent ends. */
export function answer(handlers: Handlers): void {
  process.on('message', async ({ id, name, detail }: Question) => {
    process.send?.(await attempt(id, () => handlers[name]?.(detail as never)));
  });
  process.once('disconnect', () => process.exit());
}

async function attempt(id: number, work: () => unknown): Promise<Answer> {
  try {
    return { id, value: await work() };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
