import type { Summary } from '../../../../engine/metrics/snapshot.js';
import { BASE, counter, gauge, rate, tally, threshold, times } from './summary-parts.js';

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
