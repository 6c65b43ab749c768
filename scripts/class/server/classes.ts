import { makeCode } from '../join-code.ts';
import { type ClassDocument, isDuplicate, type Records } from './records.ts';

/** Begins a class, with a code that no other class of this database has. */
export async function beginClass({ classes }: Records): Promise<ClassDocument> {
  for (;;) {
    const begun = { _id: makeCode(), startedAt: new Date() };
    try {
      await classes.insertOne(begun);
      return begun;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }
}

/** The class with this code, if it is in this database and has not ended. */
export function openClass({ classes }: Records, code: string): Promise<ClassDocument | null> {
  return classes.findOne({ _id: code, endedAt: { $exists: false } });
}

/** Ends a class. Ending it twice changes nothing. */
export async function endClass({ classes }: Records, code: string): Promise<void> {
  await classes.updateOne({ _id: code, endedAt: { $exists: false } }, { $set: { endedAt: new Date() } });
}
