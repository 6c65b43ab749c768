import { UsageError } from '../../shared/errors.ts';
import { codeInWords, readCode } from '../join-code.ts';
import { beginClass, openClass } from './classes.ts';
import { newSecrets, type RoomMemory, recallRoom, rememberRoom } from './memory.ts';
import type { ClassDocument, Records } from './records.ts';

/** The class that this machine holds, and what opens its wall. */
export interface Chosen extends Pick<RoomMemory, 'password' | 'sessionSecret'> {
  readonly held: ClassDocument;
  /** Whether it was there before. */
  readonly goesOn: boolean;
}

/**
 * Goes on with a class, or begins one: the class that was named, else the one that this machine held last in this database, unless it
 * has ended or another one is wanted.
 * @param mongodbUri where the database stays; undefined for one in memory: there is nothing to go on with later
 * @throws {UsageError} when there is no such class that is open
 */
export async function chooseClass(
  records: Records,
  mongodbUri: string | undefined,
  { named, another = false }: { named?: string | undefined; another?: boolean },
): Promise<Chosen> {
  const remembered = mongodbUri === undefined ? undefined : recallRoom(mongodbUri);
  const code = named === undefined ? remembered?.code : readCode(named);
  const open = code && !another ? await openClass(records, code) : null;
  if (named !== undefined && !open) {
    throw new UsageError(
      `There is no open class ${codeInWords(code ?? '')} in this database. npm run class   begins one.`,
    );
  }
  const held = open ?? (await beginClass(records));
  const { password, sessionSecret } = remembered?.code === held._id ? remembered : newSecrets();
  if (mongodbUri !== undefined) rememberRoom(mongodbUri, { code: held._id, password, sessionSecret });
  return { held, password, sessionSecret, goesOn: open !== null };
}
