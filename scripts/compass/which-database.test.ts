import { describe, expect, it } from 'vitest';
import { tinyWorkshop } from '../course/fixtures/test-support.ts';
import { leaveNote } from '../course/open-lesson-note.ts';
import { whichDatabase } from './which-database.ts';

const ATLAS = 'mongodb+srv://ada:s3cret@cluster0.abcde.mongodb.net/shop?retryWrites=false';

describe('the database that Compass shows', () => {
  it('is that of the open lesson, whatever .env says', () => {
    const { root } = tinyWorkshop();
    leaveNote({ lesson: 6, uri: 'mongodb://127.0.0.1:40001/shop' }, root);
    expect(whichDatabase(root, { MONGODB_URI: ATLAS })).toMatchObject({
      uri: 'mongodb://127.0.0.1:40001/shop',
      shownUri: 'mongodb://127.0.0.1:40001/shop',
      name: 'lesson 6',
      database: 'shop',
      mayWrite: true,
    });
  });

  it('is else the one in .env, which is only read, and whose password is not shown', () => {
    const tiny = tinyWorkshop();
    tiny.write('.env', `MONGODB_URI=${ATLAS}\n`);
    const target = whichDatabase(tiny.root);
    expect(target).toMatchObject({ uri: ATLAS, name: 'MONGODB_URI', database: 'shop', mayWrite: false });
    expect(target.shownUri).toMatch(/^mongodb\+srv:\/\/ada:.+@cluster0\.abcde\.mongodb\.net\/shop/);
    expect(target.shownUri).not.toContain('s3cret');
    expect(target.redact('bad auth for s3cret')).not.toContain('s3cret');
  });

  it('is test in a connection string that names none, as for the store', () => {
    const { root } = tinyWorkshop();
    expect(whichDatabase(root, { MONGODB_URI: 'mongodb://127.0.0.1:27017' }).database).toBe('test');
  });

  it('is told to be missing, with the ways out', () => {
    expect(() => whichDatabase(tinyWorkshop().root, {})).toThrow(/npm run lesson 6.*MONGODB_URI/);
  });

  it.each([
    'ada:s3cret@example.org',
    'mongodb://ada:s3c/ret@example.org/',
    'mongodb://ada:s3c ret@',
    'mongodb://ada:open@s3cret-1234/x@127.0.0.1/shop',
  ])('is told to be no connection string as %s, without its password', (uri) => {
    const told = () => whichDatabase(tinyWorkshop().root, { MONGODB_URI: uri });
    expect(told).toThrow(/^MONGODB_URI is not a connection string: .*npm run doctor/);
    expect(told).not.toThrow(/s3c/);
  });
});
