import assert from 'node:assert/strict';
import type { MetricInfo } from '../../../engine/metrics/catalogue.js';
import { planned, problemsOf } from './planned.js';

const metrics: Readonly<Record<string, MetricInfo>> = { my_delay: { kind: 'trend', contains: 'time' } };
const READABLE = 'a condition looks like p(95)<500 or rate>=0.99';

describe('thresholds in the options', () => {
  it('are read in their short and their long form', () => {
    const { plan } = planned(
      {
        thresholds: {
          llm_ttft: ['p(95) < 500', { threshold: 'avg<200', abortOnFail: true, delayAbortEval: '10s' }],
          my_delay: [{ threshold: 'max<=5' }],
        },
      },
      { metrics },
    );
    const common = { selector: {}, window: 'steady', allowEmpty: false };
    assert.deepEqual(plan.thresholds, [
      {
        ...common,
        metric: 'llm_ttft',
        name: 'llm_ttft',
        source: 'p(95) < 500',
        aggregation: 'p(95)',
        operator: '<',
        limit: 500,
        abortOnFail: false,
        delayAbortEval: 0,
      },
      {
        ...common,
        metric: 'llm_ttft',
        name: 'llm_ttft',
        source: 'avg<200',
        aggregation: 'avg',
        operator: '<',
        limit: 200,
        abortOnFail: true,
        delayAbortEval: 10_000,
      },
      {
        ...common,
        metric: 'my_delay',
        name: 'my_delay',
        source: 'max<=5',
        aggregation: 'max',
        operator: '<=',
        limit: 5,
        abortOnFail: false,
        delayAbortEval: 0,
      },
    ]);
    assert.deepEqual(plan.submetrics, []);
    assert.deepEqual(plan.tagKeys, []);
  });

  it('may hold without a sample where they, or the options, say so', () => {
    const thresholds = { checks: ['rate>0.9', { threshold: 'rate>0.8', allowEmpty: true }] };
    const allowed = (more: object) => planned({ thresholds, ...more }).plan.thresholds.map((each) => each.allowEmpty);
    assert.deepEqual(allowed({}), [false, true]);
    assert.deepEqual(allowed({ allowEmptyThresholds: true }), [true, true]);
    const own = { checks: [{ threshold: 'rate>0.9', allowEmpty: false }] };
    assert.deepEqual(allowed({ allowEmptyThresholds: true, thresholds: own }), [false]);
  });

  it('make a submetric of each selector, even without a condition', () => {
    const { plan } = planned({
      thresholds: { 'llm_ttft{name:short}': [], 'llm_e2e{scenario:a,tier:gold}': ['avg<5'], 'llm_tpot{}': ['avg<5'] },
    });
    assert.deepEqual(plan.submetrics, [
      { text: 'llm_ttft{name:short}', name: 'llm_ttft', selector: { name: 'short' }, window: 'steady' },
      {
        text: 'llm_e2e{scenario:a,tier:gold}',
        name: 'llm_e2e',
        selector: { scenario: 'a', tier: 'gold' },
        window: 'steady',
      },
    ]);
    assert.deepEqual(
      plan.thresholds.map(({ metric, selector }) => [metric, selector]),
      [
        ['llm_e2e{scenario:a,tier:gold}', { scenario: 'a', tier: 'gold' }],
        ['llm_tpot{}', {}],
      ],
    );
  });

  it('have samples kept apart by the tags that they select, but for those that always are', () => {
    const { plan } = planned({
      thresholds: {
        'llm_ttft{name:short,scenario:a,failed:true,tier:gold}': [],
        'llm_e2e{tier:silver,region:eu}': [],
        'checks{check:ok}': [],
      },
    });
    assert.deepEqual(plan.tagKeys, ['tier', 'region']);
  });

  it('say which window they are of, which is no tag', () => {
    const { plan } = planned({
      thresholds: {
        'llm_ttft{window:whole}': ['avg<5'],
        'llm_ttft{window:steady}': ['avg<5'],
        'llm_ttft{name:x,window:whole}': ['avg<5'],
      },
    });
    assert.deepEqual(
      plan.thresholds.map(({ window, selector }) => [window, selector]),
      [
        ['whole', {}],
        ['steady', {}],
        ['whole', { name: 'x' }],
      ],
    );
    assert.deepEqual(
      plan.submetrics.map(({ text }) => text),
      ['llm_ttft{name:x,window:whole}'],
    );
    assert.deepEqual(plan.tagKeys, []);
  });

  const table: readonly (readonly [thresholds: unknown, ...problems: string[]])[] = [
    [5, 'thresholds: expected an object with a list of conditions for each metric, got 5'],
    [['p(95)<5'], "thresholds: expected an object with a list of conditions for each metric, got [ 'p(95)<5' ]"],
    [{ llm_ttft: 'p(95)<5' }, 'thresholds.llm_ttft: expected a list such as ["p(95)<500"], got "p(95)<5"'],
    [{ llm_none: ['avg<5'] }, 'thresholds.llm_none: there is no metric called llm_none'],
    [{ ttft: ['avg<5'] }, 'thresholds.ttft: there is no metric called ttft; did you mean "llm_ttft"?'],
    [{ toString: ['avg<5'] }, 'thresholds.toString: there is no metric called toString'],
    [{ 'llm_none{a:b}': [] }, 'thresholds.llm_none{a:b}: there is no metric called llm_none'],
    [{ 'llm_ttft{a': [] }, 'thresholds.llm_ttft{a: cannot be read; a selector looks like name{tag:value,tag:value}'],
    [{ 'llm_ttft{window:warm}': [] }, 'thresholds.llm_ttft{window:warm}: the window is whole or steady, not warm'],
    [{ llm_ttft: ['p(95'] }, `thresholds.llm_ttft[0]: cannot read "p(95"; ${READABLE}`],
    [{ llm_ttft: ['p(101)<5'] }, `thresholds.llm_ttft[0]: cannot read "p(101)<5"; ${READABLE}`],
    [
      { llm_ttft: ['p95<0.5s', 'p(95)<0.5'] },
      'thresholds.llm_ttft[0]: cannot read "p95<0.5s"; write p(95)<500; limits of times are milliseconds',
      'thresholds.llm_ttft[1]: llm_ttft is in milliseconds, and 0.5 would be less than any server needs: write p(95)<500',
    ],
    [{ llm_ttft: ['avg<5', ''] }, 'thresholds.llm_ttft[1].threshold: expected a text, got ""'],
    [{ llm_ttft: [5] }, 'thresholds.llm_ttft[0]: expected an object, got 5'],
    [{ llm_ttft: [{}] }, 'thresholds.llm_ttft[0].threshold: is required'],
    [
      { llm_ttft: [{ threshold: 'avg<5', abortOnFail: 'yes' }] },
      'thresholds.llm_ttft[0].abortOnFail: expected true or false, got "yes"',
    ],
    [
      { llm_ttft: [{ threshold: 'avg<', delayAbortEval: 'x' }] },
      'thresholds.llm_ttft[0].delayAbortEval: expected a duration of up to 30d such as "30s" or "1m30s", got "x"',
      `thresholds.llm_ttft[0]: cannot read "avg<"; ${READABLE}`,
    ],
    [
      { llm_ttft: [{ threshold: 'avg<5', abort: true }] },
      'thresholds.llm_ttft[0].abort: there is no such option; there are: threshold, abortOnFail, delayAbortEval, allowEmpty',
    ],
    [
      { llm_ttft: ['rate<5'] },
      'thresholds.llm_ttft[0]: llm_ttft is a trend and has no rate; it has avg, min, max, med, p(N)',
    ],
    [
      { llm_requests: ['value>0', 'p(95)<5'] },
      'thresholds.llm_requests[0]: llm_requests is a counter and has no value; it has count, rate',
      'thresholds.llm_requests[1]: llm_requests is a counter and has no p(95); it has count, rate',
    ],
    [{ llm_failed: ['count<5'] }, 'thresholds.llm_failed[0]: llm_failed is a rate and has no count; it has rate'],
    [{ vus: ['max<5'] }, 'thresholds.vus[0]: vus is a gauge and has no max; it has value'],
    [
      { my_delay: ['count<5'] },
      'thresholds.my_delay[0]: my_delay is a trend and has no count; it has avg, min, max, med, p(N)',
    ],
  ];
  for (const [thresholds, ...problems] of table) {
    it(`are refused: ${problems.join('; ')}`, () =>
      assert.deepEqual(problemsOf({ thresholds }, { metrics }), problems));
  }
});
