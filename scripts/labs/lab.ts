import type { Column, Row } from '../shared/figures-table.ts';

/** A chart of a lab's table. */
export interface ChartPlan {
  readonly title: string;
  readonly type: 'line' | 'bar';
  /** The drawn columns and the axis titles. */
  readonly x: string;
  readonly y: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** The column that names the series: rows with the same value are one line or one bar pattern. */
  readonly series: string;
  /** The axes with a logarithmic scale. */
  readonly logarithmic?: readonly ('x' | 'y')[];
  /** Draws only the rows with these cells. */
  readonly only?: Row;
}

/** What a lab gets to work with. */
export interface LabContext {
  /** Reports progress. @param part from 0 to 1 @param doing what is measured now */
  progress(part: number, doing: string): void;
  /** Adds a sentence below the table: a result, or what was left out and why. */
  note(sentence: string): void;
  /** Names a server that was measured, such as 'mongod 8.2.6'. */
  uses(server: string): void;
  /** Registers a function for the end of the lab, however it ends. They run in reverse order. */
  defer(cleanUp: () => unknown): void;
}

/** An experiment that measures one claim. */
export interface Lab<Plan = unknown> {
  readonly name: string;
  /** The claim, as one sentence that the figures can disprove. */
  readonly claim: string;
  readonly columns: readonly Column[];
  readonly charts: readonly ChartPlan[];
  /** The amounts for a full run, and for --quick, which takes a few seconds. */
  readonly full: Plan;
  readonly quick: Plan;
  /** Measures, and yields the whole table each time it has grown. */
  run(context: LabContext, plan: Plan): AsyncIterable<readonly Row[]>;
}
