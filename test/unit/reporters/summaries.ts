import type { ServerPoint } from '../../../engine/metrics/server-record.js';
import type { MetricSummary, Summary, Values } from '../../../engine/metrics/snapshot.js';
import { NOTHING_COUNTED, oneName, severalNames } from './locust-views.js';

/** Summaries of made-up runs, from which the reporters' tests make their reports. */

type Percentiles = readonly [
  avg: number,
  min: number,
  med: number,
  p90: number,
  p95: number,
  p99: number,
  max: number,
  count: number,
];

function distribution([avg, min, med, p90, p95, p99, max, count]: Percentiles): Values {
  return { count, avg, min, med, 'p(90)': p90, 'p(95)': p95, 'p(99)': p99, max };
}

type Extras = Partial<Pick<MetricSummary, 'unbounded' | 'series' | 'contains' | 'histogram'>>;

function metric(type: MetricSummary['type'], values: Values, extras: Extras = {}): MetricSummary {
  return { type, contains: 'default', values, windows: { steady: values, whole: values }, ...extras };
}

function times(percentiles: Percentiles, extras: Extras = {}): MetricSummary {
  return metric('trend', distribution(percentiles), { contains: 'time', ...extras });
}

const counter = (count: number, rate: number, extras: Extras = {}) => metric('counter', { count, rate }, extras);
const gauge = (value: number, min = value, max = value) => metric('gauge', { value, min, max });
const rate = (passes: number, fails: number) => metric('rate', { rate: passes / (passes + fails), passes, fails });
const tally = (total: number, avg: number, count: number) =>
  metric('trend', { ...distribution([avg, 1, avg, avg * 1.5, avg * 1.6, avg * 1.9, avg * 2, count]), count: total });

const BASE: Summary = {
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

const SERVER_FIGURES: ServerPoint = {
  ...{ at: 0, running: 18, waiting: 0, kvCache: 0.37, preemptions: 0, prefixQueries: 0, prefixHits: 0 },
  ...{ generationTokens: 0, draftTokens: 0, acceptedTokens: 0 },
};

/** All is well: enough samples, every threshold passed. */
export const healthy: Summary = {
  ...BASE,
  server: {
    metricsUrl: 'http://127.0.0.1:8000/metrics',
    version: '0.24.0',
    cacheConfig: { block_size: '16' },
    preemptions: 3,
    prefixHitRate: 0.8324,
    draftAcceptance: 0.4512,
    points: [
      { ...SERVER_FIGURES, at: 1, running: 2 },
      { ...SERVER_FIGURES, at: 20 },
      { ...SERVER_FIGURES, at: 40, running: 20, waiting: 5, kvCache: 0.91 },
    ],
  },
  locust: oneName,
  metrics: {
    llm_ttft: times([61.2041, 48.02, 60.11, 71.9, 78.013, 96.46, 121.5, 2216], {
      histogram: { values: [48, 60.1, 121.5], counts: [100, 2000, 116] },
    }),
    llm_tpot: times([9.871, 8.02, 9.8, 11.214, 11.61, 13.9, 15.3, 2216]),
    llm_itl: times([9.873, 0.85, 9.71, 11.54, 12.203, 16.88, 31.04, 281_432]),
    llm_e2e: times([1312.7, 410.9, 1307.2, 1840.5, 1991.31, 2350.7, 2611.9, 2216]),
    llm_input_tokens: tally(212_958, 96.1, 2216),
    llm_output_tokens: tally(283_648, 128, 2216),
    llm_requests: counter(2216, 40.29),
    llm_failed: rate(0, 2216),
    llm_good: rate(2178, 38),
    llm_output_tokens_per_second: gauge(5157.236),
    llm_total_tokens_per_second: gauge(9029.2),
    llm_requests_per_second: gauge(40.2909),
    llm_requests_per_minute: gauge(2417.45),
    vus: gauge(20, 0, 20),
    vus_max: gauge(20),
    iterations: counter(2602, 39.9),
    iteration_duration: times([1313.9, 411.2, 1308.1, 1842, 1993.4, 2352, 2613.2, 2602]),
    data_sent: counter(1_284_331, 19_697, { contains: 'data' }),
    data_received: counter(71_904_122, 1_102_756, { contains: 'data' }),
    generator_loop_delay: times([0.4, 0.1, 0.4, 0.6, 0.7, 1.1, 3.2, 65_000]),
  },
  requests: { tokenSource: 'usage', censored: 0, reconnects: 0, concurrency: { mean: 19.62, peakAtMost: 20 } },
  thresholds: [
    threshold('llm_ttft', 'p(95)<500', 78.013),
    threshold('llm_ttft', 'p(99)<1000', 96.46),
    threshold('llm_failed', 'rate<0.01', 0),
    threshold('llm_output_tokens_per_second', 'value>1000', 5157.236),
  ],
  intervals: [
    {
      at: 0,
      seconds: 1,
      vus: 4,
      concurrency: 3.71,
      concurrencyPeak: 4,
      requests: 0,
      failed: 0,
      dropped: 0,
      outputTokens: 311,
      inputTokens: 384,
      ttft: { count: 4, p50: 60.1, p95: 66.2, p99: 66.2 },
      tpot: { count: 0, p50: null, p95: null, p99: null },
      itl: { count: 307, p50: 9.7, p95: 12.1, p99: 14 },
      e2e: { count: 0, p50: null, p95: null, p99: null },
      loopDelay: 0.6,
      utilization: 0.12,
      planned: { vus: 4, rate: 0 },
    },
  ],
};

function threshold(
  metric: string,
  source: string,
  observed: number | undefined,
  ok = true,
  samples = observed === undefined ? 0 : 2216,
): Summary['thresholds'][number] {
  return { metric, source, window: 'steady', observed, ok, abortOnFail: false, samples };
}

const named = (scenario: string, name: string, percentiles: Percentiles) => ({
  tags: { scenario, name },
  values: distribution(percentiles),
});

/** A run with many errors and with hostile, non-ASCII names. */
export const troubled: Summary = {
  ...BASE,
  locust: severalNames,
  run: {
    ...BASE.run,
    scenario: 'scenarios/客服对话.ts',
    exitCode: 99,
    labels: { card: 'A100' },
    tags: { team: 'infra' },
  },
  target: { baseUrl: 'https://llm.example.com/v1', model: 'qwen3-32b', simulated: false },
  plan: {
    ...BASE.plan,
    scenarios: [
      {
        name: 'support',
        executor: 'constant-vus',
        kind: 'closed',
        description: '12 VUs',
        exec: 'default',
        options: {},
        ran: { from: 0, to: 60.31 },
      },
      {
        name: '批处理',
        executor: 'constant-arrival-rate',
        kind: 'open',
        description: '2/s',
        exec: 'batch',
        options: { rate: 2 },
        ran: { from: 5, to: 65.204 },
      },
    ],
  },
  metrics: {
    llm_ttft: times([321.4, 52.1, 188.3, 702.4, 1204.9, 2311.7, 4018.2, 391], {
      unbounded: ['p(99)'],
      series: [
        named('support', '聊天：首轮', [301.2, 52.1, 170.2, 650.1, 1001.4, 2100.5, 3007.3, 301]),
        named(
          '批处理',
          '摘要 📝 summarise the whole conversation so far',
          [389.1, 88.2, 240.5, 801.9, 1822.1, 2311.7, 4018.2, 90],
        ),
      ],
    }),
    'llm_ttft{name:聊天：首轮}': times([301.2, 52.1, 170.2, 650.1, 1001.4, 2100.5, 3007.3, 301], {
      unbounded: ['p(99)'],
    }),
    llm_tpot: times([21.8, 12.4, 19.9, 31.2, 40.7, 66.3, 90.1, 391], { unbounded: ['p(99)'] }),
    llm_itl: times([22.1, 0.412, 19.2, 33.8, 47.5, 120.9, 611.8, 50_048]),
    llm_e2e: times([3120.9, 502.7, 2871.3, 5202.2, 7120.4, 11_204.8, 65_310.2, 391], {
      unbounded: ['p(99)'],
      series: [
        named('support', '聊天：首轮', [2711.5, 502.7, 2501.1, 4403.2, 5120.9, 9120.3, 12_003.9, 301]),
        named(
          '批处理',
          '摘要 📝 summarise the whole conversation so far',
          [4490.2, 1200.4, 4012.2, 7208.1, 9804.7, 11_204.8, 65_310.2, 90],
        ),
      ],
    }),
    llm_input_tokens: tally(51_221, 131, 391),
    llm_output_tokens: tally(50_439, 129, 391),
    llm_requests: counter(428, 7.781),
    llm_failed: rate(37, 391),
    llm_output_tokens_per_second: gauge(912.4),
    llm_total_tokens_per_second: gauge(1841.09),
    llm_requests_per_second: gauge(7.1),
    llm_requests_per_minute: gauge(426.5),
    answer_words: metric('trend', distribution([88.214, 3, 80, 140, 171, 233, 301, 391]), { unbounded: ['p(99)'] }),
    'answer_words{lang:中文}': metric('trend', distribution([61.7, 3, 58, 99, 120, 150.5, 188, 102]), {
      unbounded: ['p(95)', 'p(99)'],
    }),
    tool_time: times([41.02, 3.1, 30.8, 82.4, 99.91, 140.2, 199.3, 204], { unbounded: ['p(99)'] }),
    cost_usd: counter(1.204_331, 0.0184),
    'cost_usd{lang:中文}': counter(0.400_12, 0.0061),
    refused: rate(12, 379),
    queue_depth: gauge(7, 0, 31),
    vus: gauge(18, 1, 18),
    vus_max: gauge(20),
    iterations: counter(461, 7.07),
    iteration_duration: times([3204.7, 511.9, 2904.2, 5301.1, 7251.8, 11_304.1, 65_402.2, 461]),
    iteration_lateness: times([1.12, 0.02, 0.9, 2.1, 3.4, 9.8, 41.7, 91]),
    interrupted_iterations: counter(3, 0.046),
    dropped_iterations: counter(21, 0.322),
    group_duration: times([2911.1, 502.7, 2601.2, 4803.2, 6120.4, 9904.8, 15_310.2, 404], {
      series: [
        {
          tags: { scenario: 'support', group: '::首轮' },
          values: times([2711.5, 502.7, 2501.1, 4403.2, 5120.9, 9120.3, 12_003.9, 312]).values,
        },
        {
          tags: { scenario: '批处理', group: '::summary' },
          values: times([4490.2, 1200.4, 4012.2, 7208.1, 9804.7, 11_204.8, 15_310.2, 92]).values,
        },
      ],
    }),
    data_sent: counter(402_118, 6167, { contains: 'data' }),
    data_received: counter(12_290_441, 188_492, { contains: 'data' }),
  },
  requests: { tokenSource: 'mixed', censored: 11, reconnects: 3, concurrency: { mean: 16.04, peakAtMost: 19 } },
  thresholds: [
    threshold('llm_ttft', 'p(95)<500', 1204.9, false),
    threshold('llm_ttft', 'p(99) < 5000', 2311.7, true, 391),
    threshold('llm_ttft{name:聊天：首轮}', 'med<200', 170.2),
    { ...threshold('llm_failed', 'rate<0.01', 0.0939, false), window: 'whole', abortOnFail: true },
    threshold('llm_good', 'rate>0.95', undefined),
    threshold('checks{check:never}', 'rate>0.9', undefined, false),
    threshold('cost_usd', 'count<2', 1.204_331),
    threshold('data_received', 'count<50000000', 12_290_441),
  ],
  checks: [
    { name: 'the answer is not empty', scenario: 'support', group: '', passes: 312, fails: 0 },
    { name: '回答是中文', scenario: 'support', group: '::首轮', passes: 206, fails: 106 },
    { name: 'has a title', scenario: '批处理', group: '::summary::title', passes: 0, fails: 92 },
    { name: 'set up', scenario: 'setup', group: '::setup', passes: 1, fails: 0 },
  ],
  failures: [
    {
      scenario: 'support',
      method: 'POST',
      name: '聊天：首轮',
      kind: 'http_status',
      status: 503,
      count: 31,
      message:
        'the server is overloaded, please retry after a while: 服务器繁忙，请稍后再试。请求已进入等待队列，当前排队人数较多',
      firstAt: 3120.2,
      lastAt: 61_204.9,
    },
    {
      scenario: '批处理',
      method: 'POST',
      name: '摘要 📝 summarise the whole conversation so far',
      kind: 'timeout',
      status: undefined,
      count: 1,
      message: 'no byte for 60s',
      firstAt: 64_002,
      lastAt: 64_002,
    },
    {
      scenario: 'support',
      method: 'POST',
      name: '聊天：首轮',
      kind: 'stream_cut',
      status: 200,
      count: 7,
      message: 'the body ended \u001b[2J\u001b]0;owned\u0007without\r\na finish reason\u202e',
      firstAt: 12_000,
      lastAt: 40_100.4,
    },
  ],
  errors: [
    {
      scenario: 'support',
      message: 'TypeError: answer.choices is not iterable',
      where: 'scenarios/客服对话.ts:41:17',
      stack: 'TypeError: answer.choices is not iterable\n    at scenarios/客服对话.ts:41:17',
      count: 14,
    },
    {
      scenario: '批处理',
      message: 'Error: no title',
      where: undefined,
      stack: 'Error: no title\n    at batch (node:internal/x:1:2)',
      count: 1,
    },
  ],
  quality: {
    verdict: 'suspect',
    reasons: [
      'a worker was busy over 80 % of the time for 7.0 s: use more workers or fewer users',
      'the threshold llm_ttft p(99) < 5000 rests on 391 samples; p(99) needs 662',
    ],
    notes: [
      'dropped_iterations: 21 of 112 iterations were dropped, since no VU was free when they were due; they are in no latency; raise maxVUs or lower the rate',
      '11 requests were still in flight at the end: counted separately, in no latency or rate',
    ],
    inflation: { ttft: 3.9, itl: 2.4, p99: 61.2 },
  },
  warnings: ['the server refused stream_options.include_usage; its answers carry no token counts'],
};

/** Ctrl-C before the plan had reached its maximum. */
export const interrupted: Summary = {
  ...BASE,
  run: {
    ...BASE.run,
    seconds: 4.213,
    outcome: 'interrupted',
    reason: 'SIGINT',
    exitCode: 105,
    missing: ['worker 2 did not answer when it was stopped'],
  },
  windows: { whole: { from: 0, to: 4.213 }, steady: null, headline: 'whole' },
  metrics: {
    llm_ttft: times([58.3, 49.9, 57.2, 66.1, 70.8, 70.8, 70.8, 33], { unbounded: ['p(90)', 'p(95)', 'p(99)'] }),
    llm_tpot: times([9.8, 8.9, 9.7, 10.9, 11, 11, 11, 9], { unbounded: ['med', 'p(90)', 'p(95)', 'p(99)'] }),
    llm_itl: times([9.81, 0.93, 9.7, 11.2, 12.1, 14.02, 15.9, 3204]),
    llm_e2e: times([1180.3, 804.1, 1201.9, 1402.6, 1402.6, 1402.6, 1402.6, 9], {
      unbounded: ['med', 'p(90)', 'p(95)', 'p(99)'],
    }),
    llm_input_tokens: tally(871, 96.7778, 9),
    llm_output_tokens: tally(1102, 122.4444, 9),
    llm_requests: counter(9, 2.14),
    llm_failed: rate(0, 9),
    llm_output_tokens_per_second: gauge(760.5),
    llm_requests_per_second: gauge(2.136),
    llm_requests_per_minute: gauge(128.17),
    vus: gauge(16, 1, 16),
    vus_max: gauge(20),
    iterations: counter(9, 2.136),
    interrupted_iterations: counter(16, 3.798),
    iteration_duration: times([1181.1, 805, 1202.3, 1403.9, 1403.9, 1403.9, 1403.9, 9]),
    data_sent: counter(8310, 1972, { contains: 'data' }),
    data_received: counter(718, 170.4, { contains: 'data' }),
  },
  requests: { tokenSource: 'events', censored: 16, reconnects: 0, concurrency: { mean: 8.4, peakAtMost: 16 } },
  thresholds: [{ ...threshold('llm_ttft', 'p(95)<500', 70.8), window: 'whole', samples: 33 }],
  quality: {
    verdict: 'invalid',
    reasons: [
      'part of the load is missing: worker 2 did not answer when it was stopped',
      'the threshold llm_ttft p(95)<500 rests on 33 samples; p(95) needs 130',
      'the load never reached its steady state',
    ],
    notes: ['16 requests were still in flight at the end: counted separately, in no latency or rate'],
    inflation: { ttft: 0.02, itl: 0.02, p99: 0.3 },
  },
};

/** The script made no request at all. */
export const empty: Summary = {
  ...BASE,
  target: null,
  windows: { whole: { from: 0, to: 65.204 }, steady: null, headline: 'whole' },
  requests: { ...BASE.requests, tokenSource: 'none' },
  quality: { verdict: 'valid', reasons: [], notes: ['no request ended'], inflation: null },
};

/** A run against a dead server, ended by a threshold. */
export const failing: Summary = {
  ...BASE,
  run: {
    ...BASE.run,
    seconds: 12.001,
    outcome: 'aborted',
    reason: 'threshold llm_failed: rate<0.05 was crossed',
    exitCode: 99,
  },
  windows: { whole: { from: 0, to: 12.001 }, steady: { from: 5, to: 12.001 }, headline: 'steady' },
  metrics: {
    llm_requests: counter(120, 17.1),
    llm_failed: rate(120, 0),
    llm_requests_per_second: gauge(0),
    llm_requests_per_minute: gauge(0),
    vus: gauge(20, 1, 20),
    vus_max: gauge(20),
    iterations: counter(190, 15.83),
    iteration_duration: times([1000.4, 1000.1, 1000.3, 1000.9, 1001.2, 1003, 1004.9, 190]),
  },
  requests: { tokenSource: 'none', censored: 0, reconnects: 0, concurrency: { mean: 0.02, peakAtMost: 20 } },
  thresholds: [{ ...threshold('llm_failed', 'rate<0.05', 1, false), abortOnFail: true }],
  failures: [
    {
      scenario: 'default',
      method: 'POST',
      name: 'chat',
      kind: 'connect',
      status: undefined,
      count: 190,
      message: 'connect ECONNREFUSED 127.0.0.1:8000',
      firstAt: 1.9,
      lastAt: 11_998.2,
    },
  ],
  quality: {
    verdict: 'suspect',
    reasons: ['the steady state lasted 7.0 s; at least 10.0 s are needed'],
    notes: [],
    inflation: null,
  },
};

/** A run on two servers in turn behind a proxy. One of the servers was down for a while. */
export const replicated: Summary = {
  ...healthy,
  target: {
    baseUrl: 'http://10.0.0.7:8000/v1, http://10.0.0.8:8000/v1',
    baseUrls: ['http://10.0.0.7:8000/v1', 'http://10.0.0.8:8000/v1'],
    proxy: 'http://proxy.example.com:3128',
    model: 'Qwen/Qwen2.5-7B-Instruct',
    simulated: false,
  },
  metrics: {
    ...healthy.metrics,
    llm_ttft: {
      ...healthy.metrics.llm_ttft!,
      series: [
        { tags: { target: '10.0.0.7:8000' }, values: distribution([62.1, 50.4, 60.5, 70.2, 74.3, 80.1, 90.4, 221]) },
        { tags: { target: '10.0.0.8:8000' }, values: distribution([71.4, 52.2, 69.9, 90.8, 95.7, 99.9, 120.4, 120]) },
      ],
    },
    llm_requests: {
      ...healthy.metrics.llm_requests!,
      series: [
        { tags: { target: '10.0.0.8:8000' }, values: { count: 220, rate: 4 } },
        { tags: { target: '10.0.0.7:8000' }, values: { count: 221, rate: 4.02 } },
      ],
    },
    llm_failed: {
      ...healthy.metrics.llm_failed!,
      series: [
        { tags: { target: '10.0.0.8:8000' }, values: { rate: 0.4545, passes: 100, fails: 120 } },
        { tags: { target: '10.0.0.7:8000' }, values: { rate: 0, passes: 0, fails: 221 } },
      ],
    },
    llm_output_tokens_per_second: {
      ...healthy.metrics.llm_output_tokens_per_second!,
      series: [
        { tags: { target: '10.0.0.8:8000' }, values: { value: 212.72 } },
        { tags: { target: '10.0.0.7:8000' }, values: { value: 1391.5 } },
      ],
    },
  },
  failures: [
    {
      scenario: 'default',
      method: 'POST',
      name: 'chat',
      target: '10.0.0.8:8000',
      kind: 'connect',
      status: undefined,
      count: 100,
      message: 'connect ECONNREFUSED 10.0.0.8:8000',
      firstAt: 20_100,
      lastAt: 41_000,
    },
  ],
};

/** Requests at a rate, which the generator sent a little late. */
export const open: Summary = {
  ...healthy,
  plan: {
    ...healthy.plan,
    scenarios: [
      {
        name: 'traffic',
        executor: 'constant-arrival-rate',
        kind: 'open',
        description: '40/s',
        exec: 'default',
        options: { rate: 40 },
        ran: { from: 0, to: 65.204 },
      },
    ],
  },
  metrics: {
    ...healthy.metrics,
    llm_ttft_scheduled: times([71.2041, 48.52, 60.21, 72.4, 88.013, 196.46, 421.5, 2216]),
    llm_e2e_scheduled: times([1322.7, 411.4, 1307.9, 1852.5, 2001.31, 2450.7, 2811.9, 2216]),
    iteration_lateness: times([10.1, 0.02, 0.1, 0.5, 9.98, 99.2, 301.1, 2602]),
  },
  quality: { ...healthy.quality, inflation: { ttft: 1.12, itl: 0.84, p99: 18.3 } },
};
