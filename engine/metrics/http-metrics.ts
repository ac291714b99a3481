import { type BuiltInMetric, counter, rate, time } from './metric-info.js';

/** Metrics of plain HTTP requests, which are k6's. */
export const httpMetrics = {
  http_reqs: { ...counter, definition: 'requests that ended' },
  http_req_failed: {
    ...rate,
    definition:
      'share of them whose status was not expected (200 to 399 unless the script says else), or that had no response',
  },
  http_req_duration: { ...time, definition: 'sending + waiting + receiving' },
  http_req_blocked: {
    ...time,
    definition:
      'until a connection was ready: what opening it took, or one turn of the event loop to see that it still lives',
  },
  http_req_connecting: { ...time, definition: 'opening a TCP connection; 0 where one was there' },
  http_req_tls_handshaking: { ...time, definition: 'then opening TLS; 0 where a connection was there' },
  http_req_sending: { ...time, definition: 'until the kernel had taken the last byte' },
  http_req_waiting: { ...time, definition: 'from then to the first byte of the response' },
  http_req_receiving: {
    ...time,
    definition: 'from then to the last byte; 0 when everything came with one read',
  },
  http_censored: {
    ...counter,
    definition: 'requests that were in flight when the run ended: in none of the others',
  },
} as const satisfies Readonly<Record<string, BuiltInMetric>>;
