import type { Page } from 'playwright-core';

/** What decides whether a page scrolls sideways, in CSS pixels, and which elements stick out. */
export function sideways(page: Page): Promise<{ room: number; needed: number; tooWide: string[] }> {
  return page.locator('html').evaluate((html) => {
    const room = html.ownerDocument.defaultView?.innerWidth ?? 0;
    const tooWide = [...html.querySelectorAll('body *')]
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < -1 || right > room + 1;
      })
      .map((element) => `<${element.localName} class="${element.getAttribute('class') ?? ''}">`);
    return { room, needed: html.scrollWidth, tooWide };
  });
}

/** What the keyboard's focus is on: the element's name, its label, and whether one can see that it is there. */
export async function focused(page: Page): Promise<{ element: string; label: string; visible: boolean }> {
  const focus = page.locator(':focus');
  if ((await focus.count()) === 0) return { element: 'nothing', label: '', visible: true };
  return focus.evaluate((element) => {
    const style = element.ownerDocument.defaultView?.getComputedStyle(element);
    return {
      element: element.localName,
      label: element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '',
      visible: style?.outlineStyle !== 'none' && Number.parseFloat(style?.outlineWidth ?? '0') > 0,
    };
  });
}

/** Presses Tab until a button has the focus. @returns the button's label */
export async function tabToButton(page: Page): Promise<string> {
  const passed: string[] = [];
  while (passed.length < 20) {
    await page.keyboard.press('Tab');
    const { element, label, visible } = await focused(page);
    if (!visible) throw new Error(`The focus cannot be seen on ${element} "${label}".`);
    if (element === 'button') return label;
    passed.push(`${element} "${label}"`);
  }
  throw new Error(`Tab came to no button, but to: ${passed.join(', ')}`);
}

/** Collects, from now on, what goes wrong in a page and the hosts it asks. */
export function listenTo(page: Page): { errors: string[]; hosts: Set<string> } {
  const heard = { errors: [] as string[], hosts: new Set<string>() };
  page.on('request', (request) => heard.hosts.add(new URL(request.url()).host));
  page.on('requestfailed', (request) => {
    const error = request.failure()?.errorText;
    // Going on to the next page ends what the last one was still loading. That is no failure.
    if (error !== 'net::ERR_ABORTED') heard.errors.push(`${request.url()} ${error}`);
  });
  page.on('pageerror', (error) => heard.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // Chromium reports the page's own 404 as well. That one is meant.
    if (message.location().url === page.url() && message.text().includes('404')) return;
    heard.errors.push(`${message.text()} (${message.location().url})`);
  });
  return heard;
}
