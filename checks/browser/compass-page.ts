import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import { LIMIT_MS } from './open-lesson.ts';

/** A shopper's session data. */
export const session = (isLoggedIn: boolean) => ({
  cookie: { originalMaxAge: 3_600_000, httpOnly: true, path: '/' },
  isLoggedIn,
  ...(isLoggedIn ? { userId: 'ada' } : {}),
});

/** Opens Compass and waits for the documents of shop.sessions. */
export async function openCompass(page: Page, url: string): Promise<void> {
  await page.goto(url);
  // 18 MB of script: slow on a busy machine.
  await page
    .getByTestId('hadron-document')
    .first()
    .waitFor({ timeout: 2 * LIMIT_MS });
}

/** The documents on the page, as text. */
export function documents(page: Page): Promise<string[]> {
  return page.getByTestId('hadron-document').allInnerTexts();
}

/** Types a filter, applies it, and waits until that many documents are left. */
export async function filter(page: Page, text: string, left: number): Promise<void> {
  const field = page.getByTestId('query-bar-option-filter-input').getByRole('textbox');
  const apply = page.getByTestId('query-bar-apply-filter-button');
  await field.click();
  // Compass writes {} into an empty field a while after it was focused, even over typed text.
  const isTyped = async () => (await field.innerText()) === text && (await apply.isEnabled());
  const type = async () => {
    if (await isTyped()) return true;
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(text);
    return false;
  };
  await vi.waitUntil(type, { timeout: LIMIT_MS, interval: 100 });
  await apply.click();
  const count = () => page.getByTestId('hadron-document').count();
  await vi.waitUntil(async () => (await count()) === left, { timeout: LIMIT_MS, interval: 20 });
}
