import { describe, expect, it } from 'vitest';
import { environmentFor, inProduction, readGiven } from './environment.ts';
import { switchesIn, variablesIn } from './source-of.ts';

const PLACES = { mongo: 'mongodb://127.0.0.1:4711/', redis: 'redis://127.0.0.1:4712', port: 4713 };
const MONGO = 'mongodb://127.0.0.1:4711/audit';

describe('the environment of an app', () => {
  it.each([
    'MONGODB_URI',
    'MONGO_URL',
    'DATABASE_URL',
    'DB_STRING',
    'DB_CONNECTION_STRING',
    'MONGODB',
    'DATABASE',
    'ATLAS_URI',
    'DB_URI',
    'mongoURI',
  ])('%s is where its MongoDB is', (name) => {
    expect(environmentFor([name], {}, PLACES).values[name]).toBe(MONGO);
  });

  it('takes the place of what its .env says of a database, and leaves the rest of it alone', () => {
    const own = { STORE: 'mongodb+srv://ann:secret@shop.example.com/shop', SESSION_SECRET: 'of its own' };
    const { values, overridden, madeUp } = environmentFor(['SESSION_SECRET'], { own }, PLACES);
    expect(values.STORE).toBe(MONGO);
    expect(values.SESSION_SECRET).toBe('of its own');
    expect(overridden).toEqual(['STORE']);
    expect(madeUp).toEqual([]);
  });

  it('has a secret for an app that reads one and has none, and says so', () => {
    const { values, madeUp } = environmentFor(['SESSION_SECRET', 'GREETING'], {}, PLACES);
    expect(values.SESSION_SECRET).toMatch(/^[\da-f]{32}$/);
    expect(madeUp).toEqual(['SESSION_SECRET']);
    expect(environmentFor([], {}, PLACES).madeUp).toEqual(['SESSION_SECRET']);
  });

  it('--env has the last word, with places filled in', () => {
    const given = readGiven(['STORE=x?to={mongodb}', 'REDIS={redis}', 'BASE={origin}', 'NODE_ENV=test']);
    const { values } = environmentFor(['STORE'], { given }, PLACES);
    expect(values).toMatchObject({
      STORE: `x?to=${MONGO}`,
      REDIS: PLACES.redis,
      BASE: 'http://localhost:4713',
      NODE_ENV: 'test',
    });
  });

  it('takes from a sample what is no secret and no address, and makes lives of the unit in their names', () => {
    const sample = {
      SESSION_DAYS: '7',
      LANGUAGE: 'en',
      SESSION_SECRET: 'change me',
      BASE_URL: 'http://localhost:8080',
      DOMAIN: '$HOST',
      GREETING: '<your greeting>',
    };
    const { values } = environmentFor(['COOKIE_MAX_AGE_DAYS', 'SESSION_TTL'], { sample }, PLACES);
    expect(values).toMatchObject({
      SESSION_DAYS: '7',
      LANGUAGE: 'en',
      BASE_URL: 'http://localhost:4713',
      COOKIE_MAX_AGE_DAYS: '1',
      SESSION_TTL: '864000',
    });
    expect(values.SESSION_SECRET).not.toBe('change me');
    expect(Object.keys(values)).not.toEqual(expect.arrayContaining(['DOMAIN']));
    expect(Object.keys(values)).not.toEqual(expect.arrayContaining(['GREETING']));
  });

  it('an address that was made up for the app begins with https in production', () => {
    const environment = environmentFor(['BASE_URL', 'SITE_URL'], { own: { SITE_URL: 'http://a' } }, PLACES);
    expect(inProduction(environment)).toEqual({ BASE_URL: 'https://localhost:4713', NODE_ENV: 'production' });
  });

  it('--env without a name is refused', () => {
    expect(() => readGiven(['=x'])).toThrow('--env takes NAME=value');
  });
});

it('finds the variables that a source reads, however it reads them', () => {
  const text = `a(process.env.ONE, process.env['TWO']); const { THREE, FOUR: four, FIVE = 5 } = process.env; b(env.SIX, need(env, 'SEVEN'))`;
  expect(variablesIn([{ path: 'a.js', text }]).sort()).toEqual([
    'FIVE',
    'FOUR',
    'ONE',
    'SEVEN',
    'SIX',
    'THREE',
    'TWO',
  ]);
});

it('finds the variables that make an app be in production', () => {
  const text = `const { STAGE } = process.env;
    a(process.env.ENV === 'production', process.env['APP_ENV'] !== "prod", STAGE == 'live', process.env.IS_PROD === 'true');
    b(process.env.NODE_ENV === 'production', process.env.DEBUG === 'true', MODE === 'production')`;
  const switches = switchesIn([{ path: 'a.js', text }]);
  expect(switches).toEqual({ ENV: 'production', APP_ENV: 'prod', STAGE: 'live', IS_PROD: 'true' });
  const environment = environmentFor(['ENV'], {}, PLACES);
  expect(inProduction(environment, switches)).toMatchObject({ NODE_ENV: 'production', ENV: 'production' });
});
