import { type BuiltInMetric, counter, rate, time } from './metric-info.js';

/** Metrics of plain HTTP requests, which are k6's. */
export const httpMetrics = {
  http_reqs: {
    ...counter,
    label: 'HTTP requests',
    short: 'HTTP',
    definition: 'requests that ended',
    shown: { brief: ['count'], full: ['count', 'rate'] },
  },
  http_req_failed: {
    ...rate,
    label: 'HTTP requests failed',
    short: 'HTTP failed',
    definition: 'share of requests whose status was not expected (default: 200 to 399), or that had no response',
    shown: { brief: ['rate'], full: ['passes'] },
  },
  http_req_duration: {
    ...time,
    label: 'HTTP',
    definition: 'sending + waiting + receiving',
    shown: { latency: 'http', byName: true },
  },
  http_req_blocked: {
    ...time,
    definition:
      'until a connection was ready: the time to open it, or one turn of the event loop to check that it is alive',
  },
  http_req_connecting: { ...time, definition: 'opening a TCP connection; 0 for an existing one' },
  http_req_tls_handshaking: { ...time, definition: 'then the TLS handshake; 0 for an existing connection' },
  http_req_sending: { ...time, definition: 'until the kernel accepted the last byte' },
  http_req_waiting: { ...time, definition: 'from then to the first byte of the response' },
  http_req_receiving: {
    ...time,
    definition: 'from then to the last byte; 0 if everything came with one read',
  },
  http_censored: {
    ...counter,
    definition: 'requests in flight when the run ended; they are in no other metric',
  },
} as const satisfies Readonly<Record<string, BuiltInMetric>>;
