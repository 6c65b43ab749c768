import { expect, it } from 'vitest';
import { bodiesIn } from './body-fields.ts';
import { routed } from './form-kinds.ts';

const of = (text: string) => bodiesIn([{ path: 'app.js', text }]);

it('reads the fields of sign-up and login from handlers, most first', () => {
  expect(
    of(`
      const { email, password } = req.body;
      const { fullName, email: mail, password, repeatPassword, role = 'user' } = req.body;
    `),
  ).toEqual([
    {
      fields: {
        email: '{email}',
        fullName: '{name}',
        password: '{password}',
        repeatPassword: '{password}',
      },
      inside: undefined,
    },
    { fields: { email: '{email}', password: '{password}' }, inside: undefined },
  ]);
});

it('reads fields that are named one by one, and those of an object inside the body', () => {
  expect(of('find({ userName: req.body.userName, pwd: req.body.pwd })')).toEqual([
    { fields: { pwd: '{password}', userName: '{username}' }, inside: undefined },
  ]);
  const inside = [{ fields: { email: '{email}', password: '{password}' }, inside: 'user' }];
  expect(of('const { email, password } = req.body.user')).toEqual(inside);
  expect(of('find(req.body.user.email, req.body.user.password)')).toEqual(inside);
  expect(of('const object = req.body.user\n find(object.email, object.password)')).toEqual(inside);
});

it('leaves out the handlers that change or reset a password', () => {
  expect(of('const { email, currentPassword, newPassword } = req.body')).toEqual([]);
  expect(of('const { token, email, password } = req.body')).toEqual([]);
  expect(of('const { password } = req.body')).toEqual([]);
});

it('a call of an API has the fields that its handler reads, and a token where the API gives one out', () => {
  const routes = [
    { method: 'POST', path: '/api/register' },
    { method: 'GET', path: '/api/csrf-token' },
  ];
  const bodies = of('const { email, password, repeatPassword } = req.body.user');
  const [first, ...others] = routed('signUp', routes, bodies);
  expect(first).toMatchObject({
    path: '/api/register',
    token: '/api/csrf-token',
    json: { username: '{username}', user: { username: '{username}', repeatPassword: '{password}' } },
  });
  expect(others).toContainEqual(
    expect.objectContaining({
      json: { user: { email: '{email}', password: '{password}', repeatPassword: '{password}' } },
    }),
  );
});
