import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordFlow } from '../../scripts/audit/record.ts';
import { ROOT } from '../../scripts/shared/paths.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';

const SHOP = join(ROOT, 'scripts', 'audit', 'fixtures', 'apps', 'shop');

describe.skipIf(noBrowser)('npm run audit --record', () => {
  useBrowser();

  it('writes down what a person does in a browser, without the password of who signed up', async () => {
    const { page } = await newWindow();
    const flow = await recordFlow(SHOP, { env: {}, startLimit: 60_000 }, async (url) => {
      for (const path of ['/register', '/login']) {
        await page.goto(`${url}${path}`);
        await page.fill('[name=username]', 'ann');
        await page.fill('[name=password]', 'a password of ann');
        await page.click('button');
      }
      expect(new URL(page.url()).origin).toBe(url);
      await page.click('form[action="/cart"] button');
      await page.click('form[action="/logout"] button');
    });
    const user = { username: '{username}', password: '{password}' };
    expect(flow).toMatchObject({
      signUp: { method: 'POST', path: '/register', page: '/register', form: user },
      logIn: { method: 'POST', path: '/login', page: '/login', form: user },
      change: { method: 'POST', path: '/cart' },
      logOut: { method: 'POST', path: '/logout' },
    });
    expect(JSON.stringify(flow)).not.toContain('a password of ann');
  });
});
