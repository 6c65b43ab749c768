export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** argon2id, with salt and cost in front. The password itself is not stored. */
  readonly passwordHash: string;
}

// The shop's customers. Logging in is possible from lesson 7 on: then a session holds a `userId`, and the
// header looks the name up here. The user itself is never stored in a session: a copy would go out of date.
export const users: readonly User[] = [
  {
    id: 'u-ada',
    name: 'Ada',
    email: 'ada@example.com',
    passwordHash:
      '$argon2id$v=19$m=19456,t=2,p=1$W9wNtbekFmAX5yVEbi6srg$yIRv7sLgUgvF/7VNZ0doagIZEaTtKWp6Ugqv4sXsoA8',
  },
  {
    id: 'u-grace',
    name: 'Grace',
    email: 'grace@example.com',
    passwordHash:
      '$argon2id$v=19$m=19456,t=2,p=1$l++lsRPYOylkPhKXTVbA3A$QweNPshNS7OzGivrY4zVr7JLBAXyE41oR1uzOuyBnoU',
  },
  {
    id: 'u-linus',
    name: 'Linus',
    email: 'linus@example.com',
    passwordHash:
      '$argon2id$v=19$m=19456,t=2,p=1$4aF+0Mmyx9SNCkZY4qRsAA$x1dPXsXZmplHppUpOfrZrXLwpUyE51ze6mc4jXKej6A',
  },
];

/** Logins for trying the shop. Its login page shows them, which only a learning shop may do. */
export const demoLogins = {
  ada: { email: 'ada@example.com', password: 'analytical-engine' },
  grace: { email: 'grace@example.com', password: 'first-actual-bug' },
  linus: { email: 'linus@example.com', password: 'talk-is-cheap' },
} as const;

/** The hash of an unknown password. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$HDJpZ4twtoJ/j3/iVay8jg$dVWiw9DTNgHPCVfj5C6fkwN2931/K8vXktF5M3ouZiA';

export function findUser(id: unknown): User | undefined {
  return users.find((user) => user.id === id);
}

export function findUserByEmail(email: unknown): User | undefined {
  return users.find((user) => user.email === email);
}

/**
 * The user with this email and password; undefined when either is wrong. An
 * unknown email takes as long as a wrong password: otherwise the time would show who has an account.
 */
export async function authenticate(email: unknown, password: unknown): Promise<User | undefined> {
  // Imported at the first login: it is a native module that lessons 1 to 6 do not use.
  const { verify } = await import('@node-rs/argon2');
  const user = findUserByEmail(email);
  const given = typeof password === 'string' ? password : '';
  const matches = await verify(user?.passwordHash ?? NOBODYS_HASH, given);
  return matches ? user : undefined;
}
