import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { workshopCopy } from '../course/fixtures/command-support.ts';

it.each([
  ['kit one two', 'npm run kit takes one folder, and was given one two.'],
  ['kit --platform windows', '"windows" is no platform of a kit. It can be for linux-x64'],
  ['kit lessons', 'lies in the workshop, which goes into the kit.'],
  [
    'kit --with-all',
    "Unknown option '--with-all'. This command knows --platform, --with-tests, --with-compass.",
  ],
])('%s: used wrongly, it ends with 2 and one sentence', async (line, words) => {
  const { code, out, err } = await workshopCopy().run(line);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(words);
  expect(err.trim().split('\n')).toHaveLength(1);
});

it('without a network it names what is missing, ends with 3, and leaves no half kit', async () => {
  const shop = workshopCopy();
  const away = { npm_config_registry: 'http://127.0.0.1:1/', npm_config_cache: shop.path('empty-cache') };
  shop.write('.workshop/kit.half/mine.txt', 'mine');
  const { code, out, err } = await shop.run('kit --platform linux-x64', {
    ...away,
    WORKSHOP_MONGO: 'embedded',
  });
  expect({ code, out }).toEqual({ code: 3, out: '' });
  expect(err).toMatch(/^A kit for linux-x64\.\nIt takes about 19 MB of packages\.\n/);
  expect(err).toMatch(
    /\d+ packages could not be fetched: \S+@\S+ and \d+ more \(npm says ECONNREFUSED\)\.\n.*npm ping/,
  );
  expect(shop.has('.workshop/kit')).toBe(false);
  const halves = readdirSync(shop.path('.workshop')).filter((name) => name.startsWith('kit.half'));
  expect(halves).toEqual(['kit.half']);
  expect(shop.read('.workshop/kit.half/mine.txt')).toBe('mine');
});
