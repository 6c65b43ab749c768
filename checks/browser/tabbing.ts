import type { Frame, JSHandle, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The element with the focus: its words, whether the focus is visible, and an ID of its place. */
interface Focused {
  readonly label: string;
  readonly visible: boolean;
  readonly place: string;
}

/**
 * The innermost element with the focus, in a page or one of its frames.
 * @returns `undefined` while the focus is in a frame that has no page
 */
async function focusedIn(page: Page): Promise<Focused | undefined> {
  let frame: Frame | null | undefined = page.mainFrame();
  while (frame) {
    // In one call, because the focus may move between two.
    const found = (await frame.evaluate(`(() => {
      const element = document.activeElement ?? document.body;
      if (element.localName === 'iframe') return undefined;
      if (element === document.body) return { label: 'the page', visible: true, place: 'body' };
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      const label = element.getAttribute('aria-label') ?? element.innerText ?? '';
      const words = label || element.getAttribute('title') || element.labels?.[0]?.innerText || element.id || element.localName;
      return {
        label: words.replace(/\\s+/g, ' ').trim(),
        visible: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0 && width > 0 && height > 0,
        place: String([...document.querySelectorAll('*')].indexOf(element)),
      };
    })()`)) as Focused | undefined;
    if (found) return { ...found, place: `${frame.url()} ${found.place}` };
    const handle: JSHandle = await frame.evaluateHandle('document.activeElement');
    frame = await handle.asElement()?.contentFrame();
  }
}

/**
 * Presses Tab, and waits until the focus has left its place and stays at the next one: on its way into a frame, or out
 * of one, it passes invisible places.
 * @throws {Error} when it does not leave its place
 */
async function pressTab(page: Page): Promise<Focused> {
  const before = await focusedIn(page);
  await page.keyboard.press('Tab');
  let now: Focused | undefined;
  await expect
    .poll(
      async () => {
        now = await focusedIn(page);
        await page.evaluate(
          'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
        );
        const later = await focusedIn(page);
        return now && now.place !== before?.place && now.place === later?.place;
      },
      { interval: 20, message: `Tab does not leave "${before?.label}".` },
    )
    .toBe(true);
  return now as Focused;
}

/** More places than any page has. */
const MOST = 400;

async function* places(page: Page): AsyncGenerator<Focused> {
  for (let pressed = 0; pressed < MOST; pressed++) {
    const focused = await pressTab(page);
    if (!focused.visible) throw new Error(`The focus cannot be seen on "${focused.label}".`);
    yield focused;
  }
}

/** Presses Tab until an element with these words has the focus. */
export async function tabTo(page: Page, words: RegExp): Promise<void> {
  const passed: string[] = [];
  for await (const { label } of places(page)) {
    if (words.test(label)) return;
    passed.push(label);
  }
  throw new Error(`Tab came to nothing with ${words}, but to: ${[...new Set(passed)].join(' | ')}`);
}

/** Presses Tab from here once around. @returns the words of each element on the way @throws {Error} when it does not return */
export async function tabAround(page: Page): Promise<string[]> {
  const labels: string[] = [];
  let first: string | undefined;
  for await (const { label, place } of places(page)) {
    if (place === first) return labels;
    first ??= place;
    labels.push(label);
  }
  throw new Error(`Tab does not come around. It passed: ${labels.slice(0, 50).join(' | ')} …`);
}
