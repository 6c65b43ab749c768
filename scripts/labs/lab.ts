import type { Column, Row } from '../shared/figures-table.ts';

/** A chart of a lab's table. */
export interface ChartPlan {
  readonly title: string;
  readonly type: 'line' | 'bar';
  /** The columns that are drawn, and the words at the axes. */
  readonly x: string;
  readonly y: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Rows with the same word in this column are one line, or the bars of one pattern. */
  readonly series: string;
  /** Axes on which each step is ten times the last. */
  readonly logarithmic?: readonly ('x' | 'y')[];
  /** Draws only the rows with these cells. */
  readonly only?: Row;
}

/** What a lab works with. */
export interface LabContext {
  /** Says how far it is. @param part from 0 to 1 @param doing what it measures at the moment */
  progress(part: number, doing: string): void;
  /** A sentence below the table: what came out, or what was left out and why. */
  note(sentence: string): void;
  /** Names a server that the figures were measured on, such as 'mongod 8.2.6'. */
  uses(server: string): void;
  /** Is called when the lab is over, however it ends. The last one that was handed over comes first. */
  defer(cleanUp: () => unknown): void;
}

/** An experiment that measures one claim. */
export interface Lab<Plan = unknown> {
  readonly name: string;
  /** What it measures, as one sentence that the figures can prove wrong. */
  readonly claim: string;
  readonly columns: readonly Column[];
  readonly charts: readonly ChartPlan[];
  /** How much is measured by itself, and with --quick, which is for a first look and takes a few seconds. */
  readonly full: Plan;
  readonly quick: Plan;
  /** Measures, and yields the whole table each time that there is more in it. */
  run(context: LabContext, plan: Plan): AsyncIterable<readonly Row[]>;
}
