/** Kind of spans, as a page names and colors it. */
interface LaneKind {
  readonly label: string;
  /** Color of the page. */
  readonly color: number;
}

/** Life on a row, with its spans. Instants are seconds of a run. */
export interface LaneBar {
  /** Shown when it is pointed at. */
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** `bad` is outlined; `open` has no end. */
  readonly mark?: 'bad' | 'open';
  /** Three numbers a span: kind, start since `from`, length. In milliseconds; kinds by their place. */
  readonly spans: readonly number[];
}

/** Row of bars that do not overlap. */
export interface LaneRow {
  /** Empty for a further row of the one above. */
  readonly label: string;
  readonly bars: readonly LaneBar[];
}

/** Lives side by side over time, for the script of a page. */
export interface LaneChart {
  readonly title: string;
  readonly note: string;
  readonly seconds: number;
  readonly kinds: readonly LaneKind[];
  readonly rows: readonly LaneRow[];
}
