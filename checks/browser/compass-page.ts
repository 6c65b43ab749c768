import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import { PATIENCE } from './open-lesson.ts';

/** What the shop keeps of a shopper. */
export const session = (isLoggedIn: boolean) => ({
  cookie: { originalMaxAge: 3_600_000, httpOnly: true, path: '/' },
  isLoggedIn,
  ...(isLoggedIn ? { userId: 'ada' } : {}),
});

/** Opens Compass and waits for the documents of shop.sessions. */
export async function openCompass(page: Page, url: string): Promise<void> {
  await page.goto(url);
  // 18 MB of script: a busy machine takes its time.
  await page
    .getByTestId('hadron-document')
    .first()
    .waitFor({ timeout: 2 * PATIENCE });
}

/** The documents on the page, as text. */
export function documents(page: Page): Promise<string[]> {
  return page.getByTestId('hadron-document').allInnerTexts();
}

/** Types a filter, applies it, and waits until that many documents are left. */
export async function filter(page: Page, text: string, left: number): Promise<void> {
  await page.getByTestId('query-bar-option-filter-input').getByRole('textbox').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
  await page.getByTestId('query-bar-apply-filter-button').click();
  const count = () => page.getByTestId('hadron-document').count();
  await vi.waitUntil(async () => (await count()) === left, { timeout: PATIENCE, interval: 20 });
}
