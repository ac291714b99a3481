import type { MetricSummary, Summary, Values } from '../../../../engine/metrics/snapshot.js';
import { NOTHING_COUNTED } from '../locust-views.js';

export type Percentiles = readonly [
  avg: number,
  min: number,
  med: number,
  p90: number,
  p95: number,
  p99: number,
  max: number,
  count: number,
];

export function distribution([avg, min, med, p90, p95, p99, max, count]: Percentiles): Values {
  return { count, avg, min, med, 'p(90)': p90, 'p(95)': p95, 'p(99)': p99, max };
}

type Extras = Partial<Pick<MetricSummary, 'unbounded' | 'series' | 'contains' | 'histogram'>>;

export function metric(type: MetricSummary['type'], values: Values, extras: Extras = {}): MetricSummary {
  return { type, contains: 'default', values, windows: { steady: values, whole: values }, ...extras };
}

export function times(percentiles: Percentiles, extras: Extras = {}): MetricSummary {
  return metric('trend', distribution(percentiles), { contains: 'time', ...extras });
}

export const counter = (count: number, rate: number, extras: Extras = {}) => metric('counter', { count, rate }, extras);
export const gauge = (value: number, min = value, max = value) => metric('gauge', { value, min, max });
export const rate = (passes: number, fails: number) =>
  metric('rate', { rate: passes / (passes + fails), passes, fails });
/** Metric of tokens by request, whose count is their sum. */
export const tally = (total: number, avg: number, count: number) =>
  metric('trend', { ...distribution([avg, 1, avg, avg * 1.5, avg * 1.6, avg * 1.9, avg * 2, count]), count: total });

/** Summary of a run that recorded nothing. */
export const BASE: Summary = {
  schema: 'tokenswarm/summary',
  version: 1,
  tool: { name: 'tokenswarm', version: '0.2.0' },
  run: {
    scenario: 'scenarios/quickstart.ts',
    startedAt: '2026-10-22T20:08:11.204Z',
    seconds: 65.204,
    outcome: 'completed',
    exitCode: 0,
    seed: 42,
    labels: {},
    tags: {},
    missing: [],
  },
  target: { baseUrl: 'http://127.0.0.1:8000/v1', model: 'Qwen/Qwen2.5-7B-Instruct', simulated: true },
  environment: {
    node: 'v20.20.2',
    platform: 'linux x64',
    cpu: 'AMD EPYC 7B13',
    cores: 2,
    memoryBytes: 8_000_000_000,
    workers: 2,
  },
  plan: {
    scenarios: [
      {
        name: 'default',
        executor: 'ramping-vus',
        kind: 'closed',
        description: '0 to 20 VUs over 1m5s',
        exec: 'default',
        options: { stages: [{ duration: '5s', target: 20 }] },
        ran: { from: 0, to: 65.204 },
      },
    ],
    maxVus: 20,
    seconds: 65,
  },
  windows: { whole: { from: 0, to: 65.204 }, steady: { from: 5, to: 60 }, headline: 'steady' },
  metrics: {},
  requests: { tokenSource: 'usage', censored: 0, reconnects: 0, concurrency: { mean: 0, peakAtMost: 0 } },
  thresholds: [],
  checks: [],
  failures: [],
  errors: [],
  quality: { verdict: 'valid', reasons: [], notes: [], inflation: null },
  warnings: [],
  histograms: { significantDigits: 3, relativeError: 0.001 },
  intervals: [],
  locust: NOTHING_COUNTED,
};

/** Result of a threshold over the steady state. */
export function threshold(
  metric: string,
  source: string,
  observed: number | undefined,
  ok = true,
  samples = observed === undefined ? 0 : 2216,
): Summary['thresholds'][number] {
  return { metric, source, window: 'steady', observed, ok, abortOnFail: false, samples };
}
