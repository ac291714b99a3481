import assert from 'node:assert/strict';
import { figureOf } from '../../../../engine/results/group/figure.js';
import { recordOf } from '../../../support/records.js';

describe('a figure of one setting', () => {
  it('leaves latencies of a run too short for parts without bounds, as between two files', () => {
    const { metrics } = recordOf({});
    const { confidence, ...short } = metrics.llm_ttft!;
    assert.ok(confidence?.avg);
    const figure = figureOf([{ metrics: { ...metrics, llm_ttft: short } }], 'llm_ttft', 'avg');
    assert.deepEqual(figure, { value: short.values.avg, asIfIndependent: false });
    // What is not followed over time is taken as independent, and marked.
    const other = figureOf([{ metrics: { custom: short } }], 'custom', 'avg');
    assert.deepEqual([other?.asIfIndependent, other?.bounds?.length], [true, 2]);
  });
});
