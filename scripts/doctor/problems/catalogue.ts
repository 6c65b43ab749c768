import { OF_BROWSER } from './browser.ts';
import { OF_DRIVER } from './driver.ts';
import { OF_EXPRESS } from './express.ts';
import { OF_MACHINE } from './machine.ts';
import { OF_MODULES } from './modules.ts';
import { OF_NETWORK } from './network.ts';
import { OF_PASSPORT } from './passport.ts';
import type { Problem } from './problem.ts';
import { OF_COLLECTION, OF_SERVER } from './server.ts';
import { OF_SESSION } from './session.ts';
import { OF_STORE } from './stores.ts';
import { OF_STRING } from './string.ts';
import { OF_TYPES } from './types.ts';

/** Every problem that the doctor knows, by the ID of its findings. */
export const CATALOGUE = {
  ...OF_STRING,
  ...OF_NETWORK,
  ...OF_SERVER,
  ...OF_COLLECTION,
  ...OF_SESSION,
  ...OF_STORE,
  ...OF_EXPRESS,
  ...OF_BROWSER,
  ...OF_PASSPORT,
  ...OF_DRIVER,
  ...OF_TYPES,
  ...OF_MODULES,
  ...OF_MACHINE,
} as const satisfies Record<string, Problem>;

export type ProblemId = keyof typeof CATALOGUE;

/** The catalogue under the headings of the error index. */
export const GROUPS: readonly (readonly [heading: string, entries: Readonly<Record<string, Problem>>])[] = [
  ['The connection string', OF_STRING],
  ['The way to the server', OF_NETWORK],
  ['What the server refuses', OF_SERVER],
  ['What is in the collection', OF_COLLECTION],
  ['express-session', OF_SESSION],
  ['The stores', OF_STORE],
  ['Express', OF_EXPRESS],
  ['Cookies and CORS in the browser', OF_BROWSER],
  ['Passport', OF_PASSPORT],
  ['The driver and Mongoose', OF_DRIVER],
  ['TypeScript', OF_TYPES],
  ['Modules and packages', OF_MODULES],
  ['This machine', OF_MACHINE],
];
