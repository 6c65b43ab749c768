import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { useBench } from './bench-page.ts';
import { noBrowser, useBrowser } from './browser.ts';
import { LIMIT_MS } from './open-lesson.ts';

describe.skipIf(noBrowser)('the workbench', { timeout: 6 * LIMIT_MS }, () => {
  useBrowser();
  const at = useBench();
  afterEach(() => expect(at.bench.otherHosts).toEqual([]));

  it('lesson 1: a cart in memory, and a restart that loses it', async () => {
    const { bench } = at;
    await bench.plays(1);
    await bench.solves();
    await bench.adds('Ann');
    await bench.cart('Ann').waitFor();
    await bench.goes('Ben', '/cart');
    const chain = await bench.opens('Ann', 'POST', '/cart');
    await chain.getByText('MemoryStore').first().waitFor();
    await chain.getByText('"productId": "mug"').waitFor();
    const look = await bench.opens('Ann', 'GET', '/cart');
    await look.getByText(/was not written: nothing in it changed, and resave is false/).waitFor();

    // The other process has its own memory.
    await bench.press('Second instance', 'Two instances serve the shop now');
    await bench.leftOn('second instance').waitFor();
    for (const _turn of ['A', 'B']) await bench.goes('Ann', '/cart');
    await bench.line('Ann', 'GET', '/cart', 'instance A').waitFor();
    const onB = await bench.opens('Ann', 'GET', '/cart', 'instance B');
    await onB
      .getByText(/MemoryStore does not know this ID/)
      .first()
      .waitFor();
    await bench.press('Second instance', 'One instance serves the shop again');
    await bench.leftOn('second instance').waitFor({ state: 'detached' });

    await bench.press('Kill', 'The process was killed');
    await bench.goes('Ben', '/cart');
    await bench.shop('Ben').getByText('No connection').waitFor();
    await bench.line('Ben', 'GET', '/cart', 'refused').waitFor();
    await bench.press('Restart', 'The shop runs in a new one');
    await bench.goes('Ann', '/cart');
    const after = await bench.opens('Ann', 'GET', '/cart');
    await after
      .getByText(/MemoryStore does not know this ID/)
      .first()
      .waitFor();
    await expect.poll(() => bench.cart('Ann').count(), { timeout: LIMIT_MS }).toBe(0);
  });

  it('lesson 3: from the cookie to the document, a forged cookie, and a new secret', async () => {
    const { bench } = at;
    await bench.plays(3);
    await bench.page.locator('.failure .likely').waitFor();
    await bench.solves();
    await bench.adds('Ann');
    const chain = await bench.opens('Ann', 'POST', '/cart');
    await chain.getByText('MongoDB, shop.sessions').first().waitFor();
    await chain.getByText('update shop.sessions').waitFor();
    // A part of the cookie marks the same part of the document.
    await chain.locator('.cookie [data-part=id]').click();
    await chain.locator('.diff .part.chosen').filter({ hasText: '"_id"' }).waitFor();
    const look = await bench.opens('Ann', 'GET', '/cart');
    await look.getByText(/was not written: nothing in it changed, and resave is false/).waitFor();

    const jar = await bench.jar('Ann');
    const value = jar.getByRole('textbox', { name: 'connect.sid' });
    await value.fill((await value.inputValue()).replace('s:', 's:x'));
    await jar.getByRole('button', { name: 'Set it' }).click();
    await bench.line('Ann', 'GET', '/cart', 'cookie ✗').waitFor();
    const forged = await bench.opens('Ann', 'GET', '/cart', 'cookie ✗');
    await forged.getByText(/The store was not asked: the signature does not hold/).waitFor();
    await forged.getByText('does not hold by config.sessionSecret').waitFor();

    await bench.adds('Ben');
    await bench.press('New secret', 'A new secret signs');
    await bench.leftOn('secret number 2').waitFor();
    await bench.goes('Ben', '/cart');
    await bench.line('Ben', 'GET', '/cart', 'cookie ✗').waitFor();
    await bench.adds('Ben');
    await bench.cart('Ben').waitFor();
    // The cookie has no end, so it ends with the browser.
    const bens = await bench.jar('Ben');
    await bens.getByRole('button', { name: 'Close the browser and open it again' }).click();
    await bench.line('Ben', 'GET', '/cart', 'no cookie').waitFor();
    await expect.poll(() => bench.cart('Ben').count(), { timeout: LIMIT_MS }).toBe(0);

    // This shop waits for a silent database without a limit, and is killed during a request.
    await bench.adds('Ann');
    await bench.cart('Ann').waitFor();
    await bench.press('Database hangs', 'The database is silent.');
    await bench.goes('Ann', '/cart', { waits: false });
    await bench.line('Ann', 'GET', '/cart', 'waits').waitFor();
    await bench.press('Kill', 'The process was killed');
    await bench.line('Ann', 'GET', '/cart', 'broke off').waitFor();
    await bench.shop('Ann').getByText('No answer').waitFor();
  });

  it('lesson 4: a saved .env opens it anew, and the text stays where it was', async () => {
    const { bench } = at;
    await bench.plays(4);
    const text = bench.page.locator('#text');
    await text.evaluate((element) => Object.assign(element, { scrollTop: 300 }));
    const env = join(bench.command.workspace.dir, '.env');
    // The other tests do not cover these.
    for (const change of [
      () => writeFileSync(env, `SESSION_SECRET=${'s'.repeat(40)}\n`),
      () => rmSync(env),
    ]) {
      await bench.afterReload(async () => change());
      await expect.poll(() => text.evaluate(({ scrollTop }) => scrollTop), { timeout: LIMIT_MS }).toBe(300);
    }
  });

  it('lesson 7: a stolen ticket opens the account, until its owner logs out', async () => {
    const { bench } = at;
    await bench.plays(7);
    await bench.solves();
    await bench.logsIn('Ann');
    const login = await bench.opens('Ann', 'POST', '/login');
    await login.getByText('update shop.sessions').first().waitFor();

    await bench.page.getByRole('button', { name: 'Add a shopper' }).click();
    const jar = await bench.jar('Mallory');
    await jar.getByRole('button', { name: 'Steal Ann’s cookies' }).click();
    // The theft reloads her page.
    await bench.line('Mallory', 'cookie ✓').waitFor();
    await bench.goes('Mallory', '/account');
    await bench.shop('Mallory').locator('[data-user=u-ada]').waitFor();

    await bench.logsOut('Ann');
    await bench.goes('Mallory', '/account');
    await bench.shop('Mallory').getByLabel('Password').waitFor();
    const stolen = await bench.opens('Mallory', 'GET', '/account', '303');
    await stolen.getByText(/the store has no session of that ID/).waitFor();
  });

  it('lesson 9: time passes, and cookie and document end', async () => {
    const { bench } = at;
    await bench.plays(9);
    await bench.solves();
    await bench.adds('Ann');
    const chain = await bench.opens('Ann', 'POST', '/cart');
    await chain.locator('time[data-until]').first().waitFor();
    await bench.press('Slow writes', 'Writes wait 2 s.');
    await bench.adds('Ben');
    const slow = await bench.opens('Ben', 'POST', '/cart');
    const waited = await slow.locator('.commands .writes .ms').first().textContent();
    expect(Number.parseFloat(waited ?? '')).toBeGreaterThan(1900);
    await bench.press('Slow writes', 'Writes are quick again.');
    await bench.press('10 min later', 'It is 10 min later. The database removed 0 documents.');
    await bench.goes('Ann', '/cart');
    await bench.cart('Ann').waitFor();
    await bench.press('1 h later', /It is 1 h 10 min later. The database removed [1-9]/);
    await bench.leftOn('clock 1 h 10 min ahead').waitFor();
    await bench.goes('Ann', '/cart');
    await bench.line('Ann', 'GET', '/cart', 'no cookie').waitFor();
    await expect.poll(() => bench.cart('Ann').count(), { timeout: LIMIT_MS }).toBe(0);
    await bench.press('14 days later', 'It is 14 days 1 h later.');
  });

  it('lesson 10: an outage is an honest 503, and the cart is there after it', async () => {
    const { bench } = at;
    await bench.plays(10);
    await bench.solves();
    await bench.adds('Ann');
    await bench.cart('Ann').waitFor();
    await bench.press('Database refuses', 'The database refuses connections.');
    await bench.leftOn('database refuses').waitFor();
    await bench.goes('Ann', '/cart');
    await bench.line('Ann', 'GET', '/cart', '503').waitFor();
    await bench.press('Database is back', 'The database is there again.');
    await bench.goes('Ann', '/cart');
    await bench.cart('Ann').waitFor();
    await bench.press('Database hangs', 'The database is silent.');
    await bench.goes('Ann', '/cart');
    await bench.line('Ann', 'GET', '/cart', '503').waitFor();
    // Switches that are on end with the lesson.
    await bench.leftOn('database hangs').waitFor();
    await bench.plays(1);
    expect(await bench.page.locator('.left-on').textContent()).toBe('');
  });

  it('lesson 11: one of two instances is killed, and the other has the cart', async () => {
    const { bench } = at;
    await bench.plays(11);
    await bench.solves();
    await bench.adds('Ann');
    // In turn, pictures and styles included: which instance sends a page varies.
    for (const name of ['A', 'B']) {
      const isSeen = async () => {
        await bench.goes('Ann', '/cart');
        return bench.line('Ann', `instance ${name}`).count();
      };
      await expect.poll(isSeen, { timeout: LIMIT_MS }).toBe(1);
    }
    await bench.press('Kill', 'The process was killed');
    await bench.page.locator('#status').getByText('A not running').waitFor();
    for (const _ of [1, 2]) {
      await bench.goes('Ann', '/cart');
      await bench.cart('Ann').waitFor();
    }
  });
});
