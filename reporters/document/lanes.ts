/** Kinds of spans, in the order of their numbers, as a page names and colors them. */
export interface LaneKind {
  readonly label: string;
  /** Color of the page. */
  readonly color: number;
}

/** Life on a row, with spans of some kinds. Instants are seconds of a run. */
export interface LaneBar {
  /** Shown when it is pointed at. */
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** `bad` is outlined; `open` has no end. */
  readonly mark?: 'bad' | 'open';
  /** Three numbers a span: its kind, its start since `from`, its length in milliseconds. */
  readonly spans: readonly number[];
}

/** Row of bars that do not overlap. */
export interface LaneRow {
  /** Empty for a further row of the one above. */
  readonly label: string;
  readonly bars: readonly LaneBar[];
}

/** Lives side by side over time, drawn by the script of a page. */
export interface LaneChart {
  readonly title: string;
  readonly note: string;
  readonly seconds: number;
  readonly kinds: readonly LaneKind[];
  readonly rows: readonly LaneRow[];
}
