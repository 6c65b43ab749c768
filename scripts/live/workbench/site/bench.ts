import type { RunningLesson } from '../../running-lesson.ts';
import type { ShopperState } from '../doors/shoppers.ts';
import type { PageState } from '../view/page-view.ts';
import type { XRay } from '../xray/xray.ts';
import type { Address } from './addresses.ts';
import type { Updates } from './updates.ts';

/** What the page needs of the command that serves it. */
export interface Course {
  /** The lessons, and which of them pass. */
  readonly lessons: () => PageState['lessons'];
  /** The engine that grades, as verdicts name it. */
  readonly engine: string;
  /** Opens another lesson, by default the next unfinished one. @returns why not; undefined when it opens */
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
  /** Redraws these parts of the page, or all when none is named. */
  changed(...ids: readonly string[]): void;
  /** Called when a page has connected: sends it everything. */
  connected(): void;
  /** Shows words at the foot of the page, and to screen readers. */
  say(words: string): void;
}
