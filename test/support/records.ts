import type { Bounds, MetricSummary, RecordedInterval, Summary, Values } from '../../engine/metrics/snapshot.js';
import { type ShareFile, shareRecord } from '../../engine/swarm/share-files.js';
import { NOTHING_COUNTED } from '../unit/reporters/locust-views.js';

/** Figures of a made-up run. Times in milliseconds. */
export interface Measured {
  readonly labels?: Readonly<Record<string, string>>;
  readonly users?: number;
  /** Arrivals per second, instead of users. */
  readonly rate?: number;
  /** Tokens of a request. */
  readonly input?: number;
  readonly output?: number;
  /** Spread of answer lengths; none by default. */
  readonly outputSpread?: { readonly stddev: number; readonly samples: number };
  readonly ttft?: number;
  readonly tpot?: number;
  /** Default: the throughput of users without think time. */
  readonly tokensPerSecond?: number;
  readonly failed?: number;
  /** Half the width of all bounds, as a share. Null: no figure has bounds. */
  readonly noise?: number | null;
  readonly simulated?: boolean;
  readonly model?: string;
  readonly server?: Summary['server'];
  readonly scenario?: string;
  readonly run?: Partial<Summary['run']>;
  readonly quality?: Partial<Summary['quality']>;
}

/** Record of a made-up run. */
export function recordOf(measured: Measured): Summary {
  const { labels = {}, rate, users = 1, input = 100, output = 201, ttft = 50, tpot = 10, failed = 0 } = measured;
  const { noise = 0.02, simulated = false, model = 'served', server, scenario = 'scenarios/throughput.ts' } = measured;
  const e2e = ttft + tpot * (output - 1);
  const requests =
    measured.tokensPerSecond === undefined ? (rate ?? (1000 * users) / e2e) : measured.tokensPerSecond / output;
  const bounds = (values: Values): MetricSummary['confidence'] => {
    if (noise === null) return {};
    const keys = Object.keys(values).filter(
      (key) => key === 'value' || key === 'avg' || key === 'med' || /^p\(/.test(key),
    );
    return Object.fromEntries(
      keys.map((key): [string, Bounds] => [key, [(values[key] ?? 0) * (1 - noise), (values[key] ?? 0) * (1 + noise)]]),
    );
  };
  const metric = (type: MetricSummary['type'], values: Values, more: Partial<MetricSummary> = {}): MetricSummary => {
    const confidence = bounds(values);
    return {
      type,
      contains: 'default',
      values,
      windows: { steady: values, whole: values },
      ...(confidence && { confidence }),
      ...more,
    };
  };
  const spread = (avg: number): Values => {
    return {
      count: 1000,
      avg,
      min: avg * 0.7,
      med: avg * 0.98,
      max: avg * 2,
      stddev: avg * 0.1,
      'p(90)': avg * 1.1,
      'p(95)': avg * 1.2,
      'p(99)': avg * 1.5,
    };
  };
  const time = (avg: number) => metric('trend', spread(avg), { contains: 'time' });
  const gauge = (value: number) => metric('gauge', { value });
  const fails = Math.round(1000 * failed);
  const isOpen = rate !== undefined;
  const maxVus = isOpen ? 500 : users;
  const interval: RecordedInterval = {
    ...{
      at: 5,
      seconds: 1,
      vus: maxVus,
      concurrency: users,
      concurrencyPeak: users,
      requests: 1,
      failed: 0,
      dropped: 0,
    },
    ...{ outputTokens: requests * output, inputTokens: requests * input, loopDelay: 0.5, utilization: 0.1 },
    ...Object.fromEntries(
      ['ttft', 'tpot', 'itl', 'e2e'].map((name) => [name, { count: 0, p50: null, p95: null, p99: null }]),
    ),
    planned: { vus: isOpen ? 0 : users, rate: rate ?? 0 },
  } as RecordedInterval;
  return {
    schema: 'tokenswarm/summary',
    version: 1,
    tool: { name: 'tokenswarm', version: '0.2.0' },
    run: {
      ...{ scenario, startedAt: '2026-11-20T08:00:00.000Z', seconds: 65, outcome: 'completed', exitCode: 0, seed: 1 },
      ...{ labels, tags: {}, missing: [] },
      ...measured.run,
    },
    target: { baseUrl: 'http://127.0.0.1:8000/v1', model, simulated },
    ...(server && { server }),
    environment: { node: 'v20.20.2', platform: 'linux x64', cpu: 'AMD EPYC', cores: 8, memoryBytes: 8e9, workers: 2 },
    plan: {
      scenarios: [
        {
          name: 'default',
          executor: isOpen ? 'constant-arrival-rate' : 'ramping-vus',
          kind: isOpen ? 'open' : 'closed',
          description: isOpen ? `${rate} iterations/s for 1m` : `0 to ${users} VUs over 5s, then for 1m`,
          exec: 'default',
          options: {},
          ran: { from: 0, to: 65 },
        },
      ],
      maxVus,
      seconds: 65,
    },
    windows: { whole: { from: 0, to: 65 }, steady: { from: 5, to: 65 }, headline: 'steady' },
    metrics: {
      llm_ttft: time(ttft),
      llm_tpot: time(tpot),
      llm_itl: time(tpot),
      llm_chunk_gap: time(tpot),
      llm_e2e: time(e2e),
      llm_user_tokens_per_second: metric('trend', spread(1000 / tpot)),
      llm_input_tokens: metric('trend', { ...spread(input), count: 1000 * input, samples: 1000, stddev: 0 }),
      llm_output_tokens: metric('trend', {
        ...{ ...spread(output), count: 1000 * output, samples: 1000, stddev: 0 },
        ...measured.outputSpread,
      }),
      llm_failed: metric(
        'rate',
        { rate: failed, passes: fails, fails: 1000 - fails },
        noise === null ? {} : { confidence: { rate: [Math.max(0, failed - 0.005), failed + 0.005] } },
      ),
      llm_output_tokens_per_second: gauge(requests * output),
      llm_total_tokens_per_second: gauge(requests * (input + output)),
      llm_requests_per_second: gauge(requests),
      llm_requests_per_minute: gauge(60 * requests),
    },
    requests: { tokenSource: 'usage', censored: 0, reconnects: 0, concurrency: { mean: users, peakAtMost: users } },
    thresholds: [],
    checks: [],
    failures: [],
    errors: [],
    quality: { verdict: 'valid', reasons: [], notes: [], inflation: null, ...measured.quality },
    warnings: [],
    histograms: { significantDigits: 3, relativeError: 0.001 },
    intervals: [interval],
    locust: NOTHING_COUNTED,
  };
}

/** File of a share whose record is in memory. Its size decides what is joined at once. */
export function shareFile(file: string, record: Summary, size = 1): ShareFile {
  return { file, size, record: shareRecord(record), read: async () => record };
}
