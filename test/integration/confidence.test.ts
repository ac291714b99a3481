import assert from 'node:assert/strict';
import type { Summary } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { virtualTime } from '../support/virtual-time.js';

describe('the record of a run', () => {
  const folder = testFolder();
  const time = virtualTime();
  let summary: Summary;

  before(async function () {
    this.timeout(60_000);
    const file = folder.write(
      'ramp.ts',
      `import { chat, type Options } from 'tokenswarm';
      export const options = { scenarios: {
        users: { executor: 'ramping-vus', startVUs: 0, stages: [{ duration: '2s', target: 4 }, { duration: '12s', target: 4 }] },
        rate: { executor: 'constant-arrival-rate', rate: 5, duration: '14s', preAllocatedVUs: 5 },
      } } satisfies Options;
      export default () => chat({ messages: 'hi' });`,
    );
    summary = await time.runToEnd(file, settings(time.url, {}, 'sim'));
  });

  it('has a confidence interval of each figure that is followed over time', () => {
    for (const [metric, keys] of Object.entries({
      llm_ttft: ['avg', 'med'],
      llm_e2e: ['avg', 'med'],
      llm_itl: ['avg', 'med'],
      llm_output_tokens_per_second: ['value'],
      llm_requests_per_second: ['value'],
      llm_failed: ['rate'],
    })) {
      const { values = {}, confidence = {} } = summary.metrics[metric] ?? {};
      for (const key of keys) {
        const [low, high] = confidence[key] ?? assert.fail(`${metric} ${key}`);
        assert.ok(low <= values[key]! && values[key]! <= high, `${metric} ${key} ${low} ${values[key]} ${high}`);
        if (key !== 'rate') assert.ok(high < 5 * low, `${metric} ${key} ${low} ${high}`);
      }
    }
    assert.equal(summary.metrics.iterations?.confidence, undefined);
  });

  it('has the plan for the end of each interval', () => {
    const planned = (at: number) => summary.intervals.find((interval) => interval.at === at)?.planned;
    assert.deepEqual(planned(0), { vus: 1, rate: 5 });
    assert.deepEqual(planned(5), { vus: 4, rate: 5 });
    for (const { at, vus } of summary.intervals) if (at > 3 && at < 13) assert.ok(vus >= 4, `${vus} at ${at}`);
  });
});
