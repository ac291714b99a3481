import type { HistogramDelta } from './histogram-delta.js';
import { eachBucket, pack } from './packed-delta.js';
import type { SeriesChange, SeriesKey } from './series.js';

/** Contents of a series in a record. Base64 of its figures as doubles, then of its buckets; exact. */
export interface PackedSeries extends SeriesKey {
  readonly data: string;
}

/** Bytes of the figures of a distribution; its buckets follow them. */
const HEAD = 5 * Float64Array.BYTES_PER_ELEMENT;

/** Packs the contents of a series. */
export function packSeries(key: SeriesKey, change: SeriesChange): PackedSeries {
  switch (change.kind) {
    case 'counter':
      return { ...key, data: base64([change.sum]) };
    case 'rate':
      return { ...key, data: base64([change.passes, change.total]) };
    case 'gauge':
      return { ...key, data: base64([change.value, change.min, change.max]) };
    case 'trend': {
      const { count, sum, sumOfSquares, min, max, bytes } = pack(change.histogram);
      return { ...key, data: base64([count, sum, sumOfSquares, min, max], bytes) };
    }
  }
}

/** Contents of a packed series, to be added to another. */
export function unpackSeries({ kind, data }: PackedSeries): SeriesChange {
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = new Float64Array(
    bytes.buffer,
    0,
    Math.min(5, Math.floor(bytes.length / 8)),
  );
  switch (kind) {
    case 'counter':
      return { kind, sum: a };
    case 'rate':
      return { kind, passes: a, total: b };
    case 'gauge':
      return { kind, value: a, min: b, max: c };
    case 'trend':
      return { kind, histogram: { count: a, sum: b, sumOfSquares: c, min: d, max: e, ...bucketsIn(bytes) } };
  }
}

function bucketsIn(bytes: Uint8Array): Pick<HistogramDelta, 'indexes' | 'counts'> {
  const indexes: number[] = [];
  const counts: number[] = [];
  const figures = { count: 0, sum: 0, sumOfSquares: 0, min: 0, max: 0 };
  eachBucket({ ...figures, bytes, from: HEAD, to: bytes.length }, (index, count) => {
    indexes.push(index);
    counts.push(count);
  });
  return { indexes: Int32Array.from(indexes), counts: Float64Array.from(counts) };
}

function base64(figures: readonly number[], bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.concat([new Uint8Array(Float64Array.from(figures).buffer), bytes]).toString('base64');
}
