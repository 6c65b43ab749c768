import { join } from 'node:path';
import { isRunning } from '../processes/is-running.ts';
import { tidySync } from '../setup/files.mjs';
import { ROOT } from '../shared/paths.ts';
import { writeState } from '../shared/state-dir.ts';
import { readStateFile } from '../shared/state-file.ts';

/** What an open lesson tells other commands: where its in-memory Mongo is. */
export interface Note {
  readonly lesson: number;
  /** mongodb://127.0.0.1:PORT/shop */
  readonly uri: string;
  /** The lesson's process. */
  readonly pid: number;
  /** When it was opened, as in a Date's JSON. */
  readonly since: string;
}

const noteFile = (root: string) => join(root, '.workshop', 'open-lesson.json');

/** Writes the note, in place of that of another lesson. @returns a function that removes it, unless another lesson has replaced it */
export function leaveNote({ lesson, uri }: Pick<Note, 'lesson' | 'uri'>, root = ROOT): () => void {
  const file = noteFile(root);
  const note: Note = { lesson, uri, pid: process.pid, since: new Date().toISOString() };
  writeState(file, `${JSON.stringify(note)}\n`, root);
  return () => {
    if (readNote(root)?.pid === process.pid) tidySync(file);
  };
}

/** The note of a lesson that is open now. A note whose process has ended is ignored. */
export function readNote(root = ROOT): Note | undefined {
  let note: Partial<Note>;
  try {
    note = readStateFile(noteFile(root), root) ?? {};
  } catch {
    return undefined;
  }
  const { lesson, uri, pid } = note ?? {};
  const complete = typeof lesson === 'number' && typeof uri === 'string' && typeof pid === 'number';
  return complete && isRunning(pid) ? (note as Note) : undefined;
}
