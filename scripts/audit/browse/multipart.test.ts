import { expect, it } from 'vitest';
import { offered } from './form-kinds.ts';
import { multipart } from './multipart.ts';
import { Visitor } from './visitor.ts';

it('has each field, a picture, and a file field that nobody filled in', async () => {
  const { type, body } = multipart({ name: 'Ann "A"', 'a"b': 'é' }, { photo: 'picture', cv: 'empty' });
  const read = await new Response(new Uint8Array(body), { headers: { 'Content-Type': type } }).formData();
  expect([read.get('name'), read.get('a"b')]).toEqual(['Ann "A"', 'é']);
  const [photo, cv] = [read.get('photo'), read.get('cv')] as [File, File];
  expect([photo.type, (await photo.bytes()).subarray(1, 4).toString()]).toEqual(['image/png', '80,78,71']);
  expect([cv.name, cv.size]).toEqual(['', 0]);
});

it('a sign-up with a picture is sent without it first, unless the page requires it', () => {
  const field = (name: string, type: string, required = false) => ({
    name,
    type,
    value: '',
    required,
    options: [],
  });
  const form = {
    action: '/join',
    method: 'POST',
    multipart: true,
    words: 'join',
    fields: [field('email', 'email'), field('password', 'password'), field('photo', 'file')],
  };
  const page = { forms: [form], links: [], files: [], metaToken: undefined, title: '' };
  const exchange = { path: '/join' } as never;
  const visitor = new Visitor({ url: 'http://localhost:4711' } as never, { ahead: 0 });
  const seen = [{ asked: '/join', exchange, exchanges: [], page }];
  expect(offered('signUp', seen, visitor).map(({ files }) => files)).toEqual([
    { photo: 'empty' },
    { photo: 'picture' },
  ]);
});
