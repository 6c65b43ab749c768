export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

// The shop's customers. Nobody can log in before lesson 7; from then on a session holds a `userId`, and the
// header looks the name up here. The user itself never goes into a session: a copy would go out of date.
export const users: readonly User[] = [
  { id: 'u-ada', name: 'Ada', email: 'ada@example.com' },
  { id: 'u-grace', name: 'Grace', email: 'grace@example.com' },
  { id: 'u-linus', name: 'Linus', email: 'linus@example.com' },
];

export function findUser(id: unknown): User | undefined {
  return users.find((user) => user.id === id);
}

export function findUserByEmail(email: unknown): User | undefined {
  return users.find((user) => user.email === email);
}
