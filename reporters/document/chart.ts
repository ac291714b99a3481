/** Unit of numbers, which decides how they are written. Times in milliseconds, shares from 0 to 1, things that
 * have no half, seconds of a run. */
export type Unit = 'time' | 'share' | 'count' | 'whole' | 'seconds';

/** Axis of a chart, which begins at zero. `reach` is its least end. */
export interface Axis {
  /** Name, with its unit where the numbers have none: `tokens/s`. */
  readonly name: string;
  readonly unit: Unit;
  readonly reach?: number;
}

/** Point of a line; y is null where there is no number. */
export interface Point {
  readonly x: number;
  readonly y: number | null;
  readonly bounds?: readonly [low: number, high: number] | undefined;
  /** Tooltip of a still drawing. */
  readonly title?: string;
  /** Text written beside it, where there is room. */
  readonly label?: string;
  /** Drawn larger, with a ring. */
  readonly isMarked?: boolean;
}

/** Points in order, joined by a line. */
export interface Line {
  readonly label: string;
  /** Color of the page. The ninth is gray, for background lines such as a plan. */
  readonly color: number;
  /** Drawing style. `marked` has a dot at each number, `simulated` is dashed and hollow. */
  readonly style: 'line' | 'marked' | 'area' | 'dashed' | 'bars' | 'steps' | 'simulated';
  /** Shape of its points. 0 circle, 1 square, 2 triangle, 3 diamond; in a still drawing. */
  readonly shape?: number;
  readonly points: readonly Point[];
}

/** Lines over x. Charts over `seconds` share their cursor. */
export interface LineChart {
  readonly title: string;
  /** Explanation needed to read it. */
  readonly note?: string | undefined;
  /** Axis of x. With `levels`, marks at these values on a logarithmic scale; else linear from zero. */
  readonly x: Axis & { readonly levels?: readonly number[] };
  /** `isWide`: logarithmic where values are far apart. */
  readonly y: Axis & { readonly isWide?: boolean };
  readonly lines: readonly Line[];
  /** Shaded range of x. */
  readonly shaded?: { readonly from: number; readonly to: number };
  /** Named positions on x. */
  readonly marks?: readonly { readonly at: number; readonly label: string }[];
  /** Limit of y, drawn as a line. */
  readonly limit?: { readonly value: number; readonly label: string };
  /** Line behind all others, which cross: they are named in a legend. */
  readonly behind?: { readonly label: string; readonly points: readonly Pick<Point, 'x' | 'y'>[] };
}

/** Bar with its bounds and its tooltip. */
export interface Bar {
  /** Meaning of its color. */
  readonly label: string;
  readonly color: number;
  /** Hatched, for figures that were not measured. */
  readonly isHollow: boolean;
  readonly value: number;
  readonly bounds?: readonly [low: number, high: number] | undefined;
  /** Written after its number, such as `*`. */
  readonly mark?: string | undefined;
  readonly title: string;
}

/** Bars side by side, under one label. */
export interface BarGroup {
  /** Common name of neighboring groups, written once below them: the model. */
  readonly over: string;
  /** Name among its neighbors: the number of cards. */
  readonly label: string;
  readonly bars: readonly Bar[];
}

/** Bars grouped side by side. */
export interface BarChart {
  readonly title: string;
  readonly note?: string | undefined;
  readonly y: Axis;
  readonly groups: readonly BarGroup[];
}

/** Description of a chart, from which each medium draws it. */
export type Chart = LineChart | BarChart;
