import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moveSync, removeSync } from '../../setup/files.mjs';
import type { Backend } from './types.ts';

export async function startFiles(): Promise<Backend> {
  return {
    words: 'files',
    place: async () => {
      const home = mkdtempSync(join(tmpdir(), 'workshop-store-'));
      const base = join(home, 'base');
      const folder = join(base, 'data');
      mkdirSync(folder, { recursive: true });
      return {
        url: folder,
        isServer: false,
        dump: async () =>
          filesIn(folder)
            .map((file) => `${file.slice(folder.length + 1)}\n${textOf(file)}`)
            .join('\n'),
        schema: async () =>
          filesIn(folder).flatMap((file) => [`file ${file.slice(folder.length + 1)}`, ...sqliteSchema(file)]),
        away: () => {
          moveSync(base, `${base}-away`);
          // A file in place of an empty folder, so that nothing can be stored there.
          if (isEmpty(`${base}-away`)) writeFileSync(base, '');
        },
        back: () => {
          removeSync(base);
          moveSync(`${base}-away`, base);
        },
        remove: async () => removeSync(home),
      };
    },
    stop: async () => {},
  };
}

const isEmpty = (folder: string) => filesIn(folder).length === 0;

/** Stores rename and delete files while they are read. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

/** SQLite stores the statements that made its tables and indexes as text. */
function sqliteSchema(file: string): string[] {
  const text = readFileSync(file, 'latin1');
  if (!text.startsWith('SQLite format 3')) return [];
  const made = text.matchAll(/CREATE (TABLE|TRIGGER|(?:UNIQUE )?INDEX) (?:IF NOT EXISTS )?[`"']?(\w+)/gi);
  return [...new Set([...made].map(([, kind = '', name]) => `${kind.toLowerCase()} ${name}`))];
}
