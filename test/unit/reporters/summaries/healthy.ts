import type { ServerPoint } from '../../../../engine/metrics/server-record.js';
import type { Summary } from '../../../../engine/metrics/snapshot.js';
import { oneName } from '../locust-views.js';
import { BASE, counter, distribution, gauge, rate, tally, threshold, times } from './summary-parts.js';

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
