// Commands that run until a person ends them.
import type { Hosted } from './hosted.ts';
import { mustEnd } from './must.ts';
import type { ShopFolder } from './shop-folder.ts';

const LESSON = '01-memory-store';

/** The starter fails, the saved solution passes, and Ctrl+C ends all. */
export async function savedLesson(shop: ShopFolder): Promise<void> {
  const lesson = shop.start(['lesson', '1']);
  await lesson.says(/✗ 1\.1/);
  shop.copy(`solutions/${LESSON}/app.ts`, `work/${LESSON}/app.ts`);
  await lesson.says(/All 5 steps pass/);
  const [, address = ''] = await lesson.says(/(http:\/\/localhost:\d+)/);
  await mustAnswer(address);
  mustEnd(await lesson.pressCtrlC(), 0, /All 5 steps pass/);
}

/** The terminal is closed by the task manager. */
export async function killedLesson(shop: ShopFolder): Promise<void> {
  const lesson = shop.start(['lesson', '1']);
  await lesson.says(/steps? pass/);
  const { left } = await lesson.kill();
  if (left > 0) throw new Error(`${left} of its processes still ran after it`);
}

export async function finishedShop(shop: ShopFolder): Promise<void> {
  const start = shop.start(['start']);
  const [, address = ''] = await start.says(/(http:\/\/\S+)/);
  await mustAnswer(address);
  mustEnd(await start.pressCtrlC(), 0, /Closing/);
}

export async function classroom(shop: ShopFolder): Promise<void> {
  shop.copy(`solutions/${LESSON}/app.ts`, `work/${LESSON}/app.ts`);
  const room = shop.start(['class']);
  const [, address = '', code = ''] = await room.says(/npm run join (\S+) (\S+)/);
  mustEnd(await shop.run(['join', address, code, 'Zoë']), 0, /You are in class/);
  mustEnd(await shop.run(['check', '1']), 0, /All 5 steps pass/);
  mustEnd(await shop.run(['leave']), 0, /./);
  mustEnd(await room.pressCtrlC(), 0, /Closing/);
}

/** Compass's own page, on the sessions of an open lesson. */
export async function compass(shop: ShopFolder): Promise<void> {
  const lesson = shop.start(['lesson', '3']);
  await lesson.says(/✗ 3\.1/);
  const page = shop.start(['compass']);
  const [, address = ''] = await page.says(/browser\s+(http:\/\/\S+)/);
  await mustAnswer(address);
  mustEnd(await page.pressCtrlC(), 0, /Compass on/);
  await endLesson(lesson);
}

async function endLesson(lesson: Hosted): Promise<void> {
  mustEnd(await lesson.pressCtrlC(), 0, /./);
}

async function mustAnswer(address: string): Promise<void> {
  const { status } = await fetch(address);
  if (status !== 200) throw new Error(`${address} answered ${status}`);
}
