import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FormShopper } from './form-shopper.ts';
import { logsIn, openStage, type ShopTheatre, signsUp } from './open-stage.ts';

let theatre: ShopTheatre;
beforeAll(async () => {
  theatre = await openStage();
});
afterAll(() => theatre.close());

/** The rows of the page of devices: names, and whether a row says "this one". */
async function devicesOf(shopper: FormShopper) {
  const { body } = await shopper.visits('/account/devices');
  return [...body.matchAll(/data-device="([^"]*)"( data-this-one)?/g)].map(([, name = '', mine]) => ({
    name,
    isThisOne: mine !== undefined,
  }));
}

const isLoggedIn = async (shopper: FormShopper) => (await shopper.asks('/account')).status === 200;
const document = (shopper: FormShopper) => theatre.stage.mongo.session(shopper.sessionId() ?? '');

/** One customer in three browsers. */
async function inThreeBrowsers(name: string) {
  const [phone, customer] = await signsUp(theatre, name);
  return [
    phone,
    await logsIn(theatre, customer, 'laptop'),
    await logsIn(theatre, customer, 'library'),
  ] as const;
}

it('lists where one is logged in, marks this browser, and shows no session ID', async () => {
  const browsers = await inThreeBrowsers('ann');
  await signsUp(theatre, 'a stranger');
  const [phone] = browsers;
  const devices = await devicesOf(phone);
  expect(devices).toHaveLength(3);
  expect(devices.filter(({ isThisOne }) => isThisOne)).toHaveLength(1);
  const { body } = await phone.visits('/account/devices');
  for (const browser of browsers) expect(body).not.toContain(browser.sessionId());
  expect(body.match(/Logged in <time datetime="[^"]+">/g)).toHaveLength(3);
  expect(body.match(/Last seen <time datetime="[^"]+">/g)).toHaveLength(3);
});

it('names browser and system in words', async () => {
  const [, customer] = await signsUp(theatre, 'gil');
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0 <b>';
  const laptop = theatre.stage.shopper('laptop', theatre.stage.shop, { 'User-Agent': agent });
  await laptop.posts('/login', { ...customer });
  const { body } = await laptop.visits('/account/devices');
  expect(body).toMatch(/<h2>Firefox on Linux <span class="this-one">this one<\/span><\/h2>/);
  expect(body).toMatch(/<h2>A browser<\/h2>/);
});

it('says when a device was seen last, to the minute', async () => {
  const [phone] = await inThreeBrowsers('eve');
  await theatre.stage.timePasses(10 * 60_000);
  await phone.visits('/');
  const { body } = await phone.visits('/account/devices');
  const seen = [...body.matchAll(/Last seen <time datetime="([^"]+)"/g)].map(([, time = '']) =>
    Date.parse(time),
  );
  const ago = seen.map((time) => Math.round((theatre.stage.clock.now().getTime() - time) / 60_000));
  expect(ago).toEqual([0, 10, 10]);
});

it('signs one device out: its document is gone, and at its next request it is nobody', async () => {
  const [phone, laptop, library] = await inThreeBrowsers('ben');
  const mine = (await devicesOf(library)).find(({ isThisOne }) => isThisOne)?.name ?? '';
  const answer = await phone.posts('/account/devices/sign-out', { device: mine });
  expect(answer.headers.location).toBe('/account/devices');
  expect(await document(library)).toBeNull();
  expect((await library.asks('/account')).headers.location).toBe('/login');
  expect([await isLoggedIn(phone), await isLoggedIn(laptop)]).toEqual([true, true]);
  expect((await phone.visits('/account/devices')).flash).toBeUndefined();
});

it('signs all others out, and nobody else', async () => {
  const [phone, laptop, library] = await inThreeBrowsers('cem');
  const [stranger] = await signsUp(theatre, 'another stranger');
  await phone.posts('/account/devices/sign-out-others');
  expect([await document(laptop), await document(library)]).toEqual([null, null]);
  expect((await phone.visits('/account/devices')).flash).toBe('Signed out elsewhere: 2.');
  expect([await isLoggedIn(laptop), await isLoggedIn(library)]).toEqual([false, false]);
  expect([await isLoggedIn(phone), await isLoggedIn(stranger)]).toEqual([true, true]);
  expect(await devicesOf(phone)).toHaveLength(1);
});

it('tells a request whose session ends while it is at work that it has ended', async () => {
  const [phone, laptop] = await inThreeBrowsers('fay');
  const [mine] = (await devicesOf(laptop)).filter(({ isThisOne }) => isThisOne);
  // No page has a button for it. Another device might do it at the same moment.
  const answer = await laptop.asks('/account/devices/sign-out', { device: mine?.name ?? '' });
  expect(answer).toMatchObject({ status: 401, setCookieLines: [] });
  expect(answer.body).toContain('Your session has ended');
  expect([await isLoggedIn(phone), await isLoggedIn(laptop)]).toEqual([true, false]);
});

it("does not sign out another user's device, nor one that does not exist", async () => {
  const [victim] = await signsUp(theatre, 'victim');
  const [mallory] = await signsUp(theatre, 'mallory');
  const [{ name = '' } = {}] = await devicesOf(victim);
  for (const device of [name, victim.sessionId() ?? '', '', 'nonsense']) {
    await mallory.posts('/account/devices/sign-out', { device });
    expect((await mallory.visits('/account/devices')).flash).toBe('That device was signed out already.');
  }
  expect(await isLoggedIn(victim)).toBe(true);
});

it('asks who is not logged in to log in', async () => {
  const passer = theatre.stage.shopper('a passer-by');
  expect((await passer.asks('/account/devices')).headers.location).toBe('/login');
  expect((await passer.posts('/account/devices/sign-out-others')).headers.location).toBe('/login');
});
