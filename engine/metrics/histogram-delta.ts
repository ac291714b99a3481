/** Additions to a histogram: touched buckets only, cheap to send between threads. */
export interface HistogramDelta {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly min: number;
  readonly max: number;
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
}
