import { expect, test } from 'vitest';
import { isConnectionString } from './source.ts';

test.each([
  'mongodb://127.0.0.1/shop',
  'mongodb+srv://ann:p w@h/shop',
  '"mongodb://ann:pw@h/shop',
  "'mongodb://ann:pw@h",
  'MONGODB_URI=mongodb://ann:pw@h/shop',
  'ann:secret@h/shop',
  'http://127.0.0.1/shop',
  'mongo://h',
  'cluster0.ab1cd.mongodb.net/shop',
  '',
])('%j is a connection string', (word) => {
  expect(isConnectionString(word)).toBe(true);
});

test.each([
  'ECONNREFUSED',
  'MongoServerError: bad auth : authentication failed',
  'Error: connect ECONNREFUSED 127.0.0.1:27017',
  'MongoParseError: Invalid scheme, expected connection string to start with "mongodb://" or "mongodb+srv://"',
  'querySrv ENOTFOUND _mongodb._tcp.cluster0.ab1cd.mongodb.net',
  'could not connect to mongodb://ann:pw@h/shop: Authentication failed.',
])('%j is an error text', (word) => {
  expect(isConnectionString(word)).toBe(false);
});
