import assert from 'node:assert/strict';
import type { MetricSummary } from '../../../engine/metrics/snapshot.js';
import { impossibleFigures } from '../../../engine/summary/impossible-figures.js';

function metric(values: Readonly<Record<string, number>>): MetricSummary {
  return { type: 'trend', contains: 'time', values, windows: { steady: null, whole: null } };
}

describe('figures that cannot be', () => {
  it('are negative or no number, of requests', () => {
    const metrics = {
      llm_ttft: metric({ avg: 5, min: 0 }),
      llm_tpot: metric({ avg: -1, max: 2 }),
      llm_output_tokens_per_second: metric({ value: Number.NaN }),
      http_req_duration: metric({ avg: Number.POSITIVE_INFINITY }),
      my_balance: metric({ avg: -7 }),
    };
    assert.deepEqual(impossibleFigures(metrics), [
      'llm_tpot avg is -1',
      'llm_output_tokens_per_second value is NaN',
      'http_req_duration avg is Infinity',
    ]);
  });
});
