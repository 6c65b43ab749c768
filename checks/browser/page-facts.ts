import type { Frame, Page } from 'playwright-core';

/** The widths that decide whether a page scrolls sideways, in CSS pixels, and the elements that are too wide. */
export function sideways(page: Page | Frame): Promise<{ room: number; needed: number; tooWide: string[] }> {
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

/** The element with the keyboard's focus: its name, its label, and whether the focus is visible. */
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

/** Collects, from now on, a page's errors and the hosts that it requests. */
export function listenTo(page: Page): { errors: string[]; hosts: Set<string> } {
  const heard = { errors: [] as string[], hosts: new Set<string>() };
  page.on('request', (request) => heard.hosts.add(new URL(request.url()).host));
  page.on('requestfailed', (request) => {
    const error = request.failure()?.errorText;
    // A navigation aborts what the last page was still loading. That is no failure.
    if (error !== 'net::ERR_ABORTED') heard.errors.push(`${request.url()} ${error}`);
  });
  page.on('pageerror', (error) => heard.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // Chromium also reports the page's own 404, which is intended.
    if (message.location().url === page.url() && message.text().includes('404')) return;
    heard.errors.push(`${message.text()} (${message.location().url})`);
  });
  return heard;
}
