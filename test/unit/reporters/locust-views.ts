import {
  DecimalHistogram,
  fineBucket,
  locustBucket,
  NO_COUNTS,
} from '../../../engine/metrics/locust/decimal-histogram.js';
import type { LocustView, RequestRow } from '../../../engine/metrics/locust/locust-record.js';

export const NOTHING_COUNTED: LocustView = { rows: [], historySeconds: 1, latencies: {} };

/** Times in Locust's buckets, or in finer ones. */
function counted(times: readonly number[], bucketOf: (ms: number) => number = locustBucket) {
  const histogram = new DecimalHistogram(bucketOf);
  for (const time of times) histogram.record(time);
  return histogram.toCounts();
}

const fine = (times: readonly number[]) => counted(times, fineBucket);

/** Row of requests that end evenly over `seconds`, one by one. The first `failures` of them fail. */
function rowOf(
  method: string,
  name: string,
  times: readonly number[],
  { failures = 0, seconds = 50, bytes = 512, outputTokens = 0 } = {},
): RequestRow {
  const at = (index: number) => ((index + 1) * seconds * 1000) / times.length;
  const points = new Map<number, { failures: number; times: number[] }>();
  times.forEach((time, index) => {
    // The last of them ends with the last second rather than after it.
    const second = Math.ceil(at(index) / 1000) - 1;
    const point = points.get(second) ?? { failures: 0, times: [] };
    points.set(second, point);
    point.times.push(time);
    if (index < failures) point.failures += 1;
  });
  const history = [...points].map(([index, point]) => ({
    index,
    failures: point.failures,
    bytes: bytes * point.times.length,
    outputTokens: outputTokens * point.times.length,
    times: counted(point.times),
  }));
  const [firstAt, lastAt] = [at(0), at(times.length - 1)];
  return { method, name, failures, bytes: bytes * times.length, firstAt, lastAt, times: counted(times), history };
}

/** Values that grow evenly. */
function evenly(from: number, step: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + step * index);
}

/** One name, as in Locust's own example. */
export const oneName: LocustView = {
  rows: [rowOf('POST', '/v1/chat/completions', evenly(100, 7.5, 100), { failures: 3 })],
  historySeconds: 1,
  latencies: {
    ttft: fine(evenly(48.02, 0.731, 97)),
    tpot: fine(evenly(8.02, 0.0751, 97)),
    itl: fine(evenly(0.852, 0.0311, 970)),
    e2e: fine(evenly(99.2, 7.48, 97)),
  },
};

/** Several names, some of them strange. */
export const severalNames: LocustView = {
  rows: [
    rowOf('GET', '=cmd|"/C calc"!A0, /items', evenly(3.2, 0.11, 60), { seconds: 30 }),
    rowOf('GET', '聊天：首轮', evenly(1.5, 1, 5), { seconds: 4, bytes: 0 }),
    rowOf('POST', '聊天：首轮', evenly(502.7, 88.1, 128), { failures: 38, seconds: 60, outputTokens: 129 }),
    rowOf('POST', '摘要 📝 summarise the whole conversation so far', evenly(1200.4, 703.33, 90), { failures: 1 }),
  ],
  historySeconds: 1,
  latencies: { ttft: fine(evenly(52.1, 11.3, 179)), e2e: fine(evenly(501.1, 301.7, 179)), itl: NO_COUNTS },
};
