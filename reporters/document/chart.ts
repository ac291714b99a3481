/** Unit of numbers, which decides how they are written. */
export type Unit = 'time' | 'share' | 'count' | 'seconds';

/** Line of a chart: a number per x value, null where missing. */
export interface Line {
  readonly label: string;
  /** Color of the page. The ninth is gray, for background lines such as a plan. */
  readonly color: number;
  /** Drawing style. `marked` has a dot at each number, `simulated` is dashed and hollow. */
  readonly style: 'line' | 'marked' | 'area' | 'dashed' | 'bars' | 'steps' | 'simulated';
  readonly values: readonly (number | null)[];
}

/** Chart as data, drawn by the script of the page. Both axes begin at zero. */
export interface Chart {
  readonly title: string;
  /** Explanation needed to read it. */
  readonly note?: string;
  /** Unit of x. Times in milliseconds, shares from 0 to 1, `seconds` since the load started (shared by all charts). */
  readonly x: Unit;
  readonly y: Unit;
  /** Name of y, with its unit where the numbers have none: `tokens/s`. */
  readonly yName: string;
  /** Least end of the y axis. */
  readonly reach?: number;
  readonly xs: readonly number[];
  /** Name of x. */
  readonly xName: string;
  readonly lines: readonly Line[];
  /** Shaded range of x. */
  readonly shaded?: { readonly from: number; readonly to: number };
  /** Named positions on x. */
  readonly marks?: readonly { readonly at: number; readonly label: string }[];
}
