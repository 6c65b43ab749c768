import { UsageError } from '../../shared/errors.ts';
import { formatCode, readCode } from '../join-code.ts';
import { beginClass, openClass } from './classes.ts';
import type { ClassDocument, Records } from './records.ts';
import { newSecrets, readSavedClass, type SavedClass, saveClass } from './saved-class.ts';

/** The class to serve, with the password of its dashboard. */
export interface Chosen extends Pick<SavedClass, 'password' | 'sessionSecret'> {
  readonly held: ClassDocument;
  /** Whether the class existed before this command. */
  readonly goesOn: boolean;
}

/**
 * Continues a class or begins one: the named class, or the last one that this machine served from this database, unless it
 * has ended or a new one is wanted.
 * @param mongodbUri the database; undefined for one in memory, which cannot be continued later
 * @throws {UsageError} when there is no such class that is open
 */
export async function chooseClass(
  records: Records,
  mongodbUri: string | undefined,
  { named, another = false }: { named?: string | undefined; another?: boolean },
): Promise<Chosen> {
  const remembered = mongodbUri === undefined ? undefined : readSavedClass(mongodbUri);
  const code = named === undefined ? remembered?.code : readCode(named);
  const open = code && !another ? await openClass(records, code) : null;
  if (named !== undefined && !open) {
    throw new UsageError(
      `There is no open class ${formatCode(code ?? '')} in this database. npm run class   begins one.`,
    );
  }
  const held = open ?? (await beginClass(records));
  const { password, sessionSecret } = remembered?.code === held._id ? remembered : newSecrets();
  if (mongodbUri !== undefined) saveClass(mongodbUri, { code: held._id, password, sessionSecret });
  return { held, password, sessionSecret, goesOn: open !== null };
}
