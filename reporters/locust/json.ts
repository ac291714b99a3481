import type { RequestRow } from '../../engine/metrics/locust/locust-record.js';
import type { Summary } from '../../engine/metrics/snapshot.js';
import { type Entry, latencyEntries } from './entries.js';

/** File of `--json-file`: an object per method and name. `withLatencies` adds TTFT and the like. */
export function locustJson(summary: Summary, withLatencies: boolean): string {
  const { rows, historySeconds } = summary.locust;
  const startedAt = Date.parse(summary.run.startedAt) / 1000;
  const requests = rows.map((row) => {
    const { history, firstAt, lastAt } = row;
    const perSecond = (of: (point: RequestRow['history'][number]) => number) => {
      const parts = history.filter((point) => of(point) > 0);
      return Object.fromEntries(
        parts.map((point) => [Math.floor(startedAt + point.index * historySeconds), of(point)]),
      );
    };
    return {
      ...serialized(row, startedAt + firstAt / 1000, startedAt + lastAt / 1000),
      num_reqs_per_sec: perSecond((point) => point.times.count),
      num_fail_per_sec: perSecond((point) => point.failures),
    };
  });
  const latencies = (withLatencies ? latencyEntries(summary) : []).map((entry) => {
    const whole = serialized(entry, startedAt, startedAt + summary.run.seconds);
    return { ...whole, num_reqs_per_sec: {}, num_fail_per_sec: {} };
  });
  return `${JSON.stringify([...requests, ...latencies], null, 4)}\n`;
}

function serialized({ method, name, failures, bytes, times }: Omit<Entry, 'isRequest'>, from: number, to: number) {
  return {
    name,
    method,
    last_request_timestamp: to,
    start_time: from,
    num_requests: times.count,
    // Every request has a time.
    num_none_requests: 0,
    num_failures: failures,
    total_response_time: times.sum,
    max_response_time: times.max,
    min_response_time: times.min,
    total_content_length: bytes,
    response_times: Object.fromEntries(times.values.map((value, index) => [String(value), times.counts[index] ?? 0])),
  };
}
