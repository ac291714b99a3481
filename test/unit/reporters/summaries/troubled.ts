import type { Summary } from '../../../../engine/metrics/snapshot.js';
import { severalNames } from '../locust-views.js';
import {
  BASE,
  counter,
  distribution,
  gauge,
  metric,
  type Percentiles,
  rate,
  tally,
  threshold,
  times,
} from './summary-parts.js';

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
