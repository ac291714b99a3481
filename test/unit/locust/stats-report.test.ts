import assert from 'node:assert/strict';
import { StatsReports } from '../../../engine/locust/stats-report.js';
import { DecimalHistogram, locustBucket } from '../../../engine/metrics/locust/decimal-histogram.js';
import type { RowPoint } from '../../../engine/metrics/locust/row-history.js';
import type { RecordChange } from '../../../engine/metrics/record-change.js';
import { healthy } from '../reporters/summaries.js';

const START = 1_800_000_000.25;

/** Row that grows by requests at instants in milliseconds. */
class GrowingRow {
  readonly times = new DecimalHistogram(locustBucket);
  readonly points = new Map<number, RowPoint>();
  failures = 0;

  add(at: number, time: number, failed = false): void {
    this.times.record(time);
    if (failed) this.failures += 1;
    const index = Math.floor(at / 1000);
    const part = new DecimalHistogram(locustBucket);
    const known = this.points.get(index);
    if (known) part.add(known.times);
    part.record(time);
    const failures = (known?.failures ?? 0) + (failed ? 1 : 0);
    this.points.set(index, { index, failures, bytes: 0, outputTokens: 0, times: part.toCounts() });
  }

  change(historySeconds = 1): RecordChange {
    const row = { method: 'POST', name: 'ask', failures: this.failures, bytes: 10 * this.times.count };
    const record = {
      ...healthy,
      failures: [
        { scenario: 'a', method: 'POST', name: 'ask', kind: 'http_status', status: 503, message: 'HTTP 503' },
      ].map((failure) => ({ ...failure, count: this.failures, firstAt: 1000, lastAt: 2500 })),
      errors: [],
      locust: {
        rows: [{ ...row, firstAt: 0, lastAt: 0, times: this.times.toCounts(), history: [] }],
        historySeconds,
        latencies: { ttft: { count: 1, sum: 8.25, min: 8.25, max: 8.25, values: [8.25], counts: [1] } },
      },
    };
    const unchanged = { anew: false, points: [] };
    const rows = [{ method: 'POST', name: 'ask', anew: false, points: [...this.points.values()] }];
    return { record, intervals: unchanged, server: unchanged, gpu: unchanged, rows };
  }
}

describe('the reports of a Locust worker', () => {
  it('hold what was added since the last one, by bucket and by second', () => {
    const reports = new StatsReports(START);
    const row = new GrowingRow();
    row.add(200, 145);
    row.add(1800, 152, true);
    const [first, latency] = reports.next(row.change()).stats;
    assert.deepEqual(
      [first?.num_requests, first?.num_failures, first?.total_response_time, first?.total_content_length],
      [2, 1, 297, 20],
    );
    assert.deepEqual(
      [...(first?.response_times ?? [])],
      [
        [140, 1],
        [150, 1],
      ],
    );
    assert.deepEqual(
      [...(first?.num_reqs_per_sec ?? [])],
      [
        [1_800_000_000, 1],
        [1_800_000_001, 1],
      ],
    );
    assert.deepEqual([...(first?.num_fail_per_sec ?? [])], [[1_800_000_001, 1]]);
    assert.deepEqual([first?.min_response_time, first?.max_response_time], [145, 152]);
    assert.deepEqual([latency?.method, latency?.name, latency?.num_requests], ['LLM', 'ttft', 1]);
    row.add(1900, 150);
    const report = reports.next(row.change());
    assert.equal(report.stats.length, 1);
    const [second] = report.stats;
    assert.deepEqual([...(second?.response_times ?? [])], [[150, 1]]);
    assert.deepEqual([...(second?.num_reqs_per_sec ?? [])], [[1_800_000_001, 1]]);
    // The extremes are of this report: the master may have reset its own.
    assert.deepEqual([second?.min_response_time, second?.max_response_time], [150, 150]);
    assert.equal(report.stats_total.num_requests, 1);
  });

  it('keep latencies out of the sum of requests', () => {
    const reports = new StatsReports(START);
    const row = new GrowingRow();
    row.add(200, 145);
    const { stats, stats_total } = reports.next(row.change());
    assert.equal(stats.length, 2);
    assert.deepEqual([stats_total.num_requests, stats_total.name], [1, 'Aggregated']);
  });

  it('tell each failure once, with its instants', () => {
    const reports = new StatsReports(START);
    const row = new GrowingRow();
    row.add(200, 145, true);
    row.add(300, 145, true);
    const told = () => Object.values(reports.next(row.change()).errors);
    const [error] = told();
    assert.deepEqual(error, {
      ...{ name: 'ask', method: 'POST', error: 'HTTP 503', occurrences: 2 },
      ...{ first_seen: START + 1, last_seen: START + 2.5 },
    });
    assert.deepEqual(told(), []);
    row.add(400, 145, true);
    assert.equal(told()[0]?.occurrences, 1);
  });

  it('are empty, without extremes, where nothing was added', () => {
    const reports = new StatsReports(START);
    const row = new GrowingRow();
    row.add(200, 145);
    reports.next(row.change());
    const { stats, stats_total } = reports.next(row.change());
    assert.deepEqual(stats, []);
    assert.deepEqual([stats_total.min_response_time, stats_total.last_request_timestamp], [null, null]);
  });

  it('count no second twice where a long run joins its points in pairs', () => {
    const reports = new StatsReports(START);
    const row = new GrowingRow();
    row.add(200, 145);
    row.add(1200, 145);
    reports.next(row.change());
    row.add(1300, 145);
    const [entry] = reports.next(row.change(2)).stats;
    assert.equal(entry?.num_requests, 1);
    assert.equal(entry?.num_reqs_per_sec.size, 0);
  });
});
