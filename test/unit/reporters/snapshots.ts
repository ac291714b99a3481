import type { RowFigures } from '../../../engine/metrics/locust/row-figures.js';
import type { Snapshot } from '../../../engine/metrics/snapshot.js';
import { healthy } from './summaries.js';

const ROW: RowFigures = {
  method: 'POST',
  name: 'chat',
  requests: 143,
  failures: 0,
  avg: 1312.71,
  min: 410.9,
  max: 2611.9,
  median: 1300,
  p95: 2000,
  p99: 2400,
  requestsPerSecond: 12.9,
  failuresPerSecond: 0,
  outputTokensPerSecond: 811.2,
  ttft: { median: 51.9, p95: 63.2 },
  tpot: { median: 9.81, p95: 11.6 },
};

/** A run in its middle, all well. */
export const midway: Snapshot = {
  state: 'running',
  activity: 'holding',
  file: 'scenarios/quickstart.ts',
  target: { baseUrl: 'http://127.0.0.1:9009/v1', model: 'sim', simulated: true },
  elapsed: 12_000,
  duration: 25_000,
  scenarios: [
    {
      name: 'peak',
      executor: 'ramping-vus',
      description: 'up to 20 looping VUs for 25s over 2 stages',
      state: 'running',
      startTime: 0,
      vus: 20,
      planned: 20,
      initializedVus: 20,
      maxVus: 20,
      progress: 0.48,
      iterations: 143,
    },
  ],
  vus: 20,
  planned: 20,
  peakVus: 20,
  maxVus: 20,
  inFlight: 19,
  interval: { ...healthy.intervals[0]!, at: 11, seconds: 1 },
  totals: {
    requests: 143,
    failed: 0,
    http: { requests: 0, failed: 0 },
    iterations: 143,
    dropped: 0,
    outputTokens: 9000,
    inputTokens: 2000,
    goodput: 0.98,
    ttft: { p50: 51.9, p95: 63.2 },
    sessions: undefined,
  },
  rows: [ROW],
  aggregated: { ...ROW, method: '', name: 'Aggregated' },
  thresholds: healthy.thresholds,
  checks: [{ name: 'answered', scenario: 'peak', group: '', passes: 143, fails: 0 }],
  failures: [],
  errors: [],
  health: { workers: [{ worker: 0, utilization: 0.12, loopDelay: 1.4 }], lateness: 0.4, memory: 180_000_000 },
  quality: { verdict: 'valid', reasons: [], notes: [], inflation: null },
  operator: [],
  server: undefined,
  warnings: [],
};

/** Snapshot with a server, its cards, and a failure. */
export const everything: Snapshot = {
  ...midway,
  failures: [
    {
      ...{ scenario: 'peak', method: 'POST', name: 'chat', kind: 'http_status', status: 503, count: 2 },
      ...{ message: 'HTTP 503', firstAt: 900, lastAt: 1100 },
    },
  ],
  server: {
    ...{ server: 'vLLM', metricsUrl: 'http://127.0.0.1:8000/metrics', version: '0.33.0', cacheConfig: null },
    ...{ preemptions: 3, prefixHitRate: 0.8, draftAcceptance: 0.6 },
    figures: {
      ...{ running: 12, waiting: 3, kvCache: 0.5, preemptions: 3, prefixQueries: 10, prefixHits: 8 },
      ...{ generationTokens: 100, draftTokens: 10, acceptedTokens: 6 },
    },
  },
  gpu: {
    ...{ source: 'nvidia-smi', cards: ['NVIDIA H200'], memoryTotal: 150e9, isProfiled: false },
    point: {
      ...{ at: 11, power: 612, energy: 1e6, activity: 0.98, memoryActivity: 0.4, memoryUsed: 130e9, clock: 1755 },
      ...{ temperature: 61, throttled: 1 },
    },
  },
};
