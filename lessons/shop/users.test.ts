import { verify } from '@node-rs/argon2';
import { expect, it, vi } from 'vitest';
import { authenticate, demoLogins, findUserByEmail, users } from './users.ts';

vi.mock(import('@node-rs/argon2'), { spy: true });

it('knows every user by the demo login that the login page shows', async () => {
  const logins = Object.values(demoLogins);
  expect(logins.map(({ email }) => findUserByEmail(email))).toEqual(users);
  for (const { email, password } of logins) {
    expect((await authenticate(email, password))?.email).toBe(email);
  }
});

it('knows nobody by a wrong password, another user’s, or whatever else a browser may send', async () => {
  for (const password of ['', 'analytical-engin', demoLogins.grace.password, undefined, null, ['x'], {}, 0]) {
    expect(await authenticate(demoLogins.ada.email, password)).toBeUndefined();
  }
  for (const email of ['', 'ADA@example.com', undefined, null, ['ada@example.com'], {}]) {
    expect(await authenticate(email, demoLogins.ada.password)).toBeUndefined();
  }
});

it('does the same work for an unknown email as for a wrong password', async () => {
  vi.mocked(verify).mockClear();
  await authenticate('ada@example.com', 'wrong');
  await authenticate('nobody@example.com', 'wrong');
  const costs = vi.mocked(verify).mock.calls.map(([hash]) => String(hash).split('$').slice(0, 4));
  expect(costs).toHaveLength(2);
  expect(costs[0]).toEqual(costs[1]);
});

it('keeps no password in clear', () => {
  const kept = JSON.stringify(users);
  for (const { password } of Object.values(demoLogins)) expect(kept).not.toContain(password);
});
