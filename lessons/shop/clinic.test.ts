import express from 'express';
import request from 'supertest';
import { expect, test, vi } from 'vitest';
import { clinic, type Treatments } from './clinic.ts';
import type { Examination } from './examination.ts';
import { type ConnectionInfo, type Problem, symptoms } from './patients.ts';
import { notFoundPage, shopHeader, shopViews } from './views.ts';

const PASSWORD = 'tea/a1b2c3@d4e5f6';
/** A port at which no driver can connect: nothing here gets as far as connecting. */
const CONNECTION: ConnectionInfo = {
  uri: `mongodb://baker:${PASSWORD}@127.0.0.1:1/shop`,
  password: PASSWORD,
};

const everyone = <T>(value: T) =>
  Object.fromEntries(symptoms.map(({ problem }) => [problem, value])) as Record<Problem, T>;

function clinicWith(treat: Treatments[Problem], connections?: Record<Problem, ConnectionInfo>) {
  const app = express();
  shopViews(app);
  app.use(express.urlencoded());
  app.use(shopHeader);
  app.use('/clinic', clinic(connections, everyone(treat)));
  app.use(notFoundPage);
  return app;
}

async function examined(treat: Treatments[Problem], as = 'treated') {
  const { text } = await request(clinicWith(treat, everyone(CONNECTION)))
    .post('/clinic/password')
    .type('form')
    .send({ as })
    .expect(200);
  const [, finding = ''] = /data-examination="([^"]*)"/.exec(text) ?? [];
  return { page: text, finding: JSON.parse(decodeURIComponent(finding)) as Examination };
}

test('without patients the clinic is closed, and says what brings them along', async () => {
  const closed = clinicWith(({ uri }) => ({ uri }));
  expect((await request(closed).get('/clinic')).text).toContain('npm run lesson 5');
  await request(closed).post('/clinic/password').expect(404);
});

test('every patient waits, with two ways to be examined; a stranger is sent away', async () => {
  const open = clinicWith(({ uri }) => ({ uri }), everyone(CONNECTION));
  const { text } = await request(open).get('/clinic').expect(200);
  expect(text).toContain('mongodb://baker:•••@127.0.0.1:1/shop');
  for (const { problem } of symptoms) expect(text).toContain(`action="/clinic/${problem}#${problem}"`);
  await request(open).post('/clinic/measles').expect(404);
});

test('"as it came" is examined without the treatment', async () => {
  const treat = vi.fn(({ uri }: ConnectionInfo) => ({ uri }));
  const { finding } = await examined(treat, 'untreated');
  expect(treat).not.toHaveBeenCalled();
  expect(finding).toEqual({
    state: 'fails',
    uri: 'mongodb://baker:•••@127.0.0.1:1/shop',
    said: [{ call: 'new MongoDBStore', words: 'Password contains unescaped characters' }],
  });
});

test.each([
  ['whole', PASSWORD],
  ['encoded', encodeURIComponent(PASSWORD)],
  ['in part, as the name of a host', 'd4e5f6'],
])('a password never stands on the page: %s', async (_form, secret) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { page, finding } = await examined(() =>
    Promise.reject(new Error(`getaddrinfo ENOTFOUND ${secret}`)),
  );
  expect(finding.said[0]?.words).toBe('getaddrinfo ENOTFOUND •••');
  expect(page).not.toMatch(/a1b2c3|d4e5f6/);
  said.mockRestore();
});

test.each<[string, (password: string) => string, string]>([
  ['encoded', encodeURIComponent, 'mongodb://baker:•••@127.0.0.1:1/shop'],
  [
    'encoded in part',
    (password) => password.replace('/', '%2F'),
    'mongodb://baker:•••%2F•••@•••@127.0.0.1:1/shop',
  ],
])(
  'the page shows what a treatment made of the string, without its password: %s',
  async (_form, change, shown) => {
    const { page, finding } = await examined(({ uri }) => ({
      uri: uri.replace(PASSWORD, change(PASSWORD)),
      connectionOptions: { serverSelectionTimeoutMS: 100 },
    }));
    expect(finding.uri).toBe(shown);
    expect(page).toContain(`<code>${shown}</code>`);
    expect(page).not.toMatch(/a1b2c3|d4e5f6/);
  },
);

test.each<[string, unknown]>([
  ['throws', () => Promise.reject(new Error('no idea'))],
  ['returns nothing', () => undefined],
  ['is missing', undefined],
])('a treatment that %s is the learner’s to read, not a crash', async (_what, treat) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { finding } = await examined(treat as Treatments[Problem]);
  expect(finding).toMatchObject({ state: 'fails', said: [{ call: 'treatment' }] });
  expect(said).toHaveBeenCalledOnce();
  said.mockRestore();
});
