import type { RunningLesson } from '../../running-lesson.ts';
import type { ShopperState } from '../doors/shoppers.ts';
import type { PageState } from '../view/page-view.ts';
import type { XRay } from '../xray/xray.ts';
import type { Address } from './addresses.ts';
import type { Updates } from './updates.ts';

/** What the page asks of the command that serves it. */
export interface Course {
  /** The lessons, and which of them pass. */
  readonly lessons: () => PageState['lessons'];
  /** The engine that grades, as verdicts name it. */
  readonly engine: string;
  /** Goes on to another lesson; to the next one that makes sense when none is named. @returns why not; undefined when it does */
  readonly open: (number?: number) => string | undefined;
}

/** The workbench, as its site needs it. */
export interface Bench {
  readonly address: Address;
  /** The addresses that frames of the page come from. */
  readonly doorOrigins: string[];
  /** The page's path: '/TOKEN/' */
  readonly base: string;
  readonly state: PageState;
  /** The lesson that is open. */
  readonly lesson: RunningLesson;
  readonly course: Course;
  readonly updates: Updates;
  readonly xray: XRay;
  readonly shoppers: readonly ShopperState[];
  /** The clock of shop and shoppers, in milliseconds. */
  now(): number;
  /** Something in these parts of the page has changed; in all of them when none is named. */
  changed(...ids: readonly string[]): void;
  /** A page has connected, and gets everything as it is now. */
  connected(): void;
  /** Says something at the foot of the page, and to screen readers. */
  say(words: string): void;
}
