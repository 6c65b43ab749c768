import { randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Database } from './database.ts';
import type { User } from './documents.ts';
import { isDuplicate } from './duplicate-key.ts';

/** What is wrong in a sign-up form, by field. */
export interface SignUpProblems {
  readonly email?: string;
  readonly password?: string;
}

/** OWASP's minimum for argon2id: 19 MiB of memory, two passes, one thread. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** In characters. Only the length counts: rules on kinds of characters make passwords worse. */
export const PASSWORD_LENGTH = { least: 15, most: 128 } as const;
const EMAIL_LENGTH = 254;

/** The hash of an unknown password, so that an unknown email takes as long as a wrong password. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$HDJpZ4twtoJ/j3/iVay8jg$dVWiw9DTNgHPCVfj5C6fkwN2931/K8vXktF5M3ouZiA';

/** The shop's customers, in the collection `users`. */
export class Users {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(id: string | undefined): Promise<User | null> {
    return this.#database.users.findOne({ _id: id ?? '' });
  }

  /** The user with this email and password; undefined when either is wrong. */
  async authenticate(email: unknown, password: unknown): Promise<User | undefined> {
    const user = await this.#database.users.findOne({ email: asEmail(email) });
    const matches = await verify(user?.passwordHash ?? NOBODYS_HASH, asPassword(password));
    return user && matches ? user : undefined;
  }

  /** Creates an account. @returns the new user, or what is wrong with email or password */
  async signUp(email: unknown, password: unknown): Promise<User | SignUpProblems> {
    const problems = findProblems(asEmail(email), asPassword(password));
    if (problems) return problems;
    const user: User = {
      _id: `u-${randomUUID()}`,
      email: asEmail(email),
      passwordHash: await hash(asPassword(password), COST),
      signedUpAt: new Date(),
    };
    // Only the index keeps an email unique: two sign-ups may come at the same time.
    await this.#database.prepare();
    try {
      await this.#database.users.insertOne(user);
      return user;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return { email: 'There is an account with this email. Log in, or take another email.' };
    }
  }
}

/** The email in its stored form; empty when it is no text. A form can send a list instead of a text. */
export function asEmail(value: unknown): string {
  return typeof value === 'string' ? value.trim().toLowerCase() : '';
}

/** The password in a normalised form: different keyboards give different bytes for the same characters. */
function asPassword(value: unknown): string {
  return typeof value === 'string' ? value.normalize('NFKC') : '';
}

function findProblems(email: string, password: string): SignUpProblems | undefined {
  const { least, most } = PASSWORD_LENGTH;
  const length = [...password].length;
  const looksRight = /^[^\s@]+@[^\s@]+$/.test(email) && email.length <= EMAIL_LENGTH;
  const problems = {
    ...(looksRight ? {} : { email: 'This is not an email address. It looks like ada@example.com.' }),
    ...(length < least
      ? { password: `The password needs at least ${least} characters. Four words do well.` }
      : {}),
    ...(length > most ? { password: `The password may have up to ${most} characters.` } : {}),
  };
  return Object.keys(problems).length ? problems : undefined;
}
