import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { freeNickname, keyOf } from '../nickname.ts';
import { Refusal } from '../refusal.ts';
import { isDuplicate, type Learner, type Records } from './records.ts';

const UNKNOWN = 'This class does not know you: you were taken out of it.';
const ANOTHER =
  'It is another class that is held there now. npm run join takes you into it, npm run leave ends yours';

/** The learners of a class, by nickname. */
export function learnersOf({ learners }: Records, code: string): Promise<Learner[]> {
  return learners.find({ classCode: code }).sort({ key: 1 }).toArray();
}

/** The learner with this token. @throws {Refusal} when there is none, or when it is for another class */
export async function learnerWith({ learners }: Records, code: string, token: string): Promise<Learner> {
  if (isForAnother(code, token)) throw new Refusal(409, 'later', ANOTHER);
  const learner = await learners.findOne(byToken(code, token));
  if (!learner) throw new Refusal(401, 'unknown', UNKNOWN);
  return learner;
}

/**
 * Adds a learner to a class. A token of this class means that the learner is already in it and may change the nickname.
 * @returns the token for their reports
 * @throws {Refusal} with a suggestion when somebody else has the nickname
 */
export async function joinClass(
  records: Records,
  code: string,
  nickname: string,
  token?: string,
): Promise<string> {
  const { learners } = records;
  const key = keyOf(nickname);
  try {
    if (token) {
      const { matchedCount } = await learners.updateOne(byToken(code, token), { $set: { nickname, key } });
      if (matchedCount > 0) return token;
    }
    const _id = randomUUID();
    const fresh = `${code}.${_id}.${randomBytes(24).toString('base64url')}`;
    const joinedAt = new Date();
    await learners.insertOne({
      _id,
      classCode: code,
      nickname,
      key,
      tokenHash: hashOf(fresh),
      joinedAt,
      standings: {},
      reportIds: [],
    });
    return fresh;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const keys = new Set((await learnersOf(records, code)).map((each) => each.key));
    const free = freeNickname(nickname, keys);
    throw new Refusal(
      409,
      'nickname',
      `Somebody in this class is called ${nickname} already. Free is: ${free}`,
    );
  }
}

/** Removes a learner from a class, with all verdicts. */
export async function remove({ learners }: Records, { _id }: Pick<Learner, '_id'>): Promise<void> {
  await learners.deleteOne({ _id });
}

/** The filter for the learner with this token. A token is CLASS.LEARNER.SECRET, and only its hash is stored. */
function byToken(classCode: string, token: string) {
  return { _id: token.split('.')[1] ?? '', classCode, tokenHash: hashOf(token) };
}

/** Whether a token is for another class, which may use this address again later. Reports wait for it. */
function isForAnother(code: string, token: string): boolean {
  const [of, ...rest] = token.split('.');
  return rest.length === 2 && of !== code;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
