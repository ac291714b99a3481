/** What numbers are of, and so how they are written. */
export type Unit = 'time' | 'share' | 'count' | 'seconds';

/** A line of a chart: a number for each of the chart's instants or places, null where there was none. */
export interface Line {
  readonly label: string;
  /** One of the page's colours; the sixth is for what stands in the background, such as a plan. */
  readonly color: 1 | 2 | 3 | 4 | 5 | 6;
  /** `marked` is a line with a dot at each number. */
  readonly style: 'line' | 'marked' | 'area' | 'dashed' | 'bars' | 'steps';
  readonly values: readonly (number | null)[];
}

/** A chart as data, which the script of the page draws. Both axes begin at zero. */
export interface Chart {
  readonly title: string;
  /** What has to be known to read it. */
  readonly note?: string;
  /** Times in milliseconds, shares from 0 to 1; `seconds` are those since the load started, the same in all charts. */
  readonly x: Unit;
  readonly y: Unit;
  /** Where the axis of y ends at least. */
  readonly reach?: number;
  readonly xs: readonly number[];
  /** What x is of, where it is neither time nor a distribution's. */
  readonly xName?: string;
  readonly lines: readonly Line[];
  /** A stretch of x that is shaded. */
  readonly shaded?: { readonly from: number; readonly to: number };
  /** Places on x with a name. */
  readonly marks?: readonly { readonly at: number; readonly label: string }[];
}
