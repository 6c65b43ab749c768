import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useBench } from './bench-page.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { LIMIT_MS } from './open-lesson.ts';

interface Node {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly description?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value: unknown } }[];
}

/** A part of a page as screen readers get it: its role, name, description and state. */
interface Said {
  readonly role: string;
  readonly name: string;
  readonly about: string;
  readonly state: Readonly<Record<string, unknown>>;
}

/** Everything that screen readers get of a page. */
async function saidOf(page: Page): Promise<Said[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as { nodes: Node[] };
  await session.detach();
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, description, properties = [] }) => ({
      role: role?.value ?? '',
      name: (name?.value ?? '').replaceAll(/\s+/g, ' ').trim(),
      about: description?.value ?? '',
      state: Object.fromEntries(properties.map((each) => [each.name, each.value.value])),
    }));
}

/** Records what a page's live regions announce from now on. @returns a function that returns it */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`(() => {
    window.heard = [];
    const note = (region) => { if (region.textContent) window.heard.push(region.textContent); };
    for (const region of document.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log]'))
      new MutationObserver(() => note(region)).observe(region, { childList: true, characterData: true, subtree: true });
  })()`);
  return () => page.evaluate('window.heard');
}

describe.skipIf(noBrowser)('what the workbench says to screen readers', { timeout: 6 * LIMIT_MS }, () => {
  useBrowser();
  const at = useBench();

  it('has names, roles and states of its parts, and says each verdict once', async () => {
    const { bench } = at;
    const { page, command } = bench;
    await bench.plays(3);
    const find = async (role: string, name: string | RegExp) => {
      const all = (await saidOf(page)).filter((each) => each.role === role);
      const found = all.filter((each) =>
        typeof name === 'string' ? each.name === name : name.test(each.name),
      );
      expect(found, `${role} ${name} of ${all.map((each) => each.name).join(' | ')}`).toHaveLength(1);
      return found[0] as Said;
    };
    for (const part of ['Steps', 'Switches', 'Shoppers', 'Ann’s browser', 'Ben’s browser', 'X-ray'])
      await find('region', part);
    for (const name of ['Ann', 'Ben']) await find('Iframe', `The shop as ${name} sees it`);
    await find('textbox', 'Ann is at');
    expect((await find('button', 'Restart')).about).toMatch(
      /^The process ends and a new one starts.* node app\.js$/,
    );
    const step = page.locator('.step.fail').first();
    expect(await step.locator('p').first().innerText()).toMatch(/3\.1[\s\S]*fails$/);

    // Red to green to red: each verdict is announced once, and the page's text never.
    const heard = await listen(page);
    await bench.solves();
    await page.locator('#said').getByText('5 of 5 steps pass.').waitFor();
    await bench.adds('Ann');
    command.restore(3);
    await page
      .locator('#said')
      .getByText(/of 5 steps pass\. 3\.1 fails: /)
      .waitFor();
    await page.getByRole('button', { name: 'A hint' }).click();
    await page.getByRole('heading', { name: 'Step 3.1, hint 1 of 3' }).waitFor();
    // A page that reconnects gets everything again, and announces nothing.
    await page.evaluate(`Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
      delete document.hidden;
      document.dispatchEvent(new Event('visibilitychange'));`);
    await bench.press('Restart', 'The shop runs in a new one');
    expect(await heard()).toEqual([
      '5 of 5 steps pass.',
      expect.stringMatching(/^\d of 5 steps pass\. 3\.1 fails: [^.]+\.$/),
      expect.stringContaining('The shop runs in a new one'),
    ]);
    const live = (await saidOf(page)).filter(({ state }) => state.live);
    expect(live.map(({ role, name, state }) => [role, name, state.live])).toEqual([['status', '', 'polite']]);

    // The lines of the X-ray, and their parts.
    await bench.opens('Ann', 'POST', '/cart');
    const line =
      /^Ann POST \/cart 303 → \/cart · [\d.]+ ms .*cookie , its signature holds|^Ann POST \/cart 303/;
    expect((await find('DisclosureTriangle', line)).state.expanded).toBe(true);
    const parts = (await saidOf(page)).filter(({ state }) => state.pressed !== undefined);
    expect(parts.length).toBeGreaterThan(5);
    await page.getByText('More switches').click();
    expect((await find('button', 'Second instance')).state.pressed).toBe('false');
    expect((await find('button', 'Database is back')).state.disabled).toBe(true);
    expect((await find('button', 'Database is back')).about).toMatch(
      /It does already.*systemctl start mongod/,
    );
    await bench.press('Second instance', 'Two instances serve the shop now');
    await expect.poll(async () => (await find('button', 'Second instance')).state.pressed).toBe('true');
    await bench.press('Second instance', 'One instance serves the shop again');

    // In a narrow window the parts are tabs.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('tab', { name: 'X-ray' }).click();
    await page.getByRole('tabpanel', { name: 'X-ray' }).waitFor();
    expect((await find('tab', 'X-ray')).state.selected).toBe(true);
    expect((await find('tab', 'Lesson')).state.selected).toBe(false);
  });

  it('a press is not lost when what is pressed is drawn anew in the midst of it', async () => {
    const { bench } = at;
    const { page } = bench;
    await bench.plays(1);
    const { page: other } = await newWindow();
    await other.goto(bench.command.benchUrl);
    await page.getByRole('button', { name: 'Restart' }).hover();
    await page.mouse.down();
    // A switch that is pressed in another window changes in both.
    await other.getByText('More switches').click();
    await other.getByRole('button', { name: '10 min later' }).click();
    await other.locator('.left-on').getByText('clock 10 min ahead').waitFor();
    await page.locator('#said').getByText('It is 10 min later').waitFor();
    await page.mouse.up();
    await page.locator('#said').getByText('The shop runs in a new one').waitFor();
    await bench.leftOn('clock 10 min ahead').waitFor();
  });

  it('a page that nobody sees takes no connection, and shows what is when it is looked at', async () => {
    const { bench } = at;
    await bench.plays(1);
    // A browser has six connections to an address, for all its pages.
    const { context } = await newWindow();
    await context.addInitScript(
      `Object.defineProperty(document, 'hidden', { get: () => !window.isSeen, configurable: true });`,
    );
    const pages: Page[] = [];
    for (let i = 0; i < 8; i++) {
      const page = await context.newPage();
      await page.goto(bench.command.benchUrl);
      pages.push(page);
    }
    // Another lesson was opened meanwhile: each window shows it when it becomes visible.
    await bench.plays(3);
    const [first] = pages as [Page];
    await first.evaluate(`window.isSeen = true; document.dispatchEvent(new Event('visibilitychange'))`);
    await expect.poll(() => first.title().catch(() => '')).toMatch(/^3\./);
    await bench.press('Restart', 'The shop runs in a new one');
  });
});
