import assert from 'node:assert/strict';
import type { RecordedInterval, Summary } from '../../../../engine/metrics/snapshot.js';
import { certainMiss, isGrowing } from '../../../../engine/results/sweep/saturation.js';
import { missesOf, readSlos } from '../../../../engine/results/sweep/slo.js';

describe('objectives', () => {
  it('are read as thresholds by metric', () => {
    assert.deepEqual(readSlos(['llm_ttft:p(95)<500', 'llm_ttft{name:a,x:"b:c"}: p(99) < 1e3', 'llm_ttft:avg<9']), {
      llm_ttft: ['p(95)<500', 'avg<9'],
      'llm_ttft{name:a,x:"b:c"}': ['p(99) < 1e3'],
    });
  });

  it('are refused with everything that cannot be read', () => {
    assert.throws(() => readSlos(['llm_ttft<5', 'llm_ttft:p95<5', ':p(95)<5', 'llm_ttft:p(95)<500']), {
      where: '--slo',
      message: [
        ['llm_ttft<5', 'llm_ttft:p(95)<500'],
        ['llm_ttft:p95<5', 'llm_ttft:p(95)<5'],
        [':p(95)<5', 'llm_ttft:p(95)<500'],
      ]
        .map(([text, such]) => `"${text}" cannot be read: expected METRIC:CONDITION such as ${such}`)
        .join('\n'),
    });
    assert.throws(() => readSlos([]), { message: 'is required: name at least one objective' });
  });

  const threshold = (source: string, observed: number | undefined, ok: boolean) => {
    return { metric: 'llm_ttft', source, window: 'steady' as const, observed, ok, abortOnFail: false, samples: 100 };
  };

  it('are missed where they do not hold, where nothing was served, and where arrivals were dropped', () => {
    const thresholds = [
      threshold('p(95)<500', 600, false),
      threshold('med<100', undefined, true),
      threshold('avg<9', 1, true),
    ];
    const counter = (count: number) => ({
      type: 'counter' as const,
      contains: 'default' as const,
      values: { count },
      windows: { steady: null, whole: null },
    });
    const metrics = { dropped_iterations: counter(3), iterations: counter(97) };
    const misses = missesOf({ thresholds, metrics });
    assert.deepEqual(
      misses.map(({ text, observed, beyond }) => [text, observed, beyond?.toFixed(3)]),
      [
        ['llm_ttft p(95)<500', 600, '0.200'],
        ['llm_ttft med<100', undefined, undefined],
        ['dropped_iterations share<=0.01', 0.03, '2.000'],
      ],
    );
    assert.deepEqual(missesOf({ thresholds: [], metrics: { ...metrics, dropped_iterations: counter(0) } }), []);
  });

  describe('that cannot be met any more', () => {
    const interval = (at: number, concurrency: number) => ({ at, seconds: 1, concurrency }) as RecordedInterval;
    const record = (bounds: readonly [number, number], more: Partial<Summary> = {}) =>
      ({
        thresholds: [threshold('p(95)<500', 600, false)],
        metrics: { llm_ttft: { confidence: { 'p(95)': bounds } } },
        windows: { steady: { from: 0, to: 30 }, whole: { from: 0, to: 30 }, headline: 'steady' },
        intervals: Array.from({ length: 30 }, (_, at) => interval(at, 10)),
        plan: { scenarios: [{ executor: 'constant-vus', kind: 'closed' }] },
        ...more,
      }) as unknown as Summary;

    it('are found by bounds', () => {
      assert.equal(certainMiss(record([550, 700])), 'llm_ttft p(95)<500 is certainly missed');
      assert.equal(certainMiss(record([450, 700])), undefined, 'it may be chance');
      assert.equal(certainMiss(record([550, 700], { thresholds: [threshold('p(95)<500', 400, true)] })), undefined);
      const whole = { windows: { steady: null, whole: { from: 0, to: 30 }, headline: 'whole' as const } };
      assert.equal(certainMiss(record([550, 700], whole)), undefined, 'not before the steady state');
    });

    it('are found by lower percentiles, never by higher ones or the mean', () => {
      const metric = (confidence: object) => ({ metrics: { llm_ttft: { confidence } } }) as unknown as Partial<Summary>;
      const of = (confidence: object) => certainMiss(record([0, 0], metric(confidence)));
      assert.match(String(of({ med: [550, 600] })), /is certainly missed/);
      assert.match(String(of({ 'p(75)': [510, 600], med: [1, 2] })), /is certainly missed/);
      assert.equal(of({ 'p(99)': [550, 600], avg: [550, 600] }), undefined);
      const more = { ...metric({ rate: [0.1, 0.2] }), thresholds: [threshold('rate>0.9', 0.15, false)] };
      assert.match(String(certainMiss(record([0, 0], more))), /rate>0\.9 is certainly missed/);
    });

    it('are found by the queue of an open load', () => {
      const intervals = Array.from({ length: 30 }, (_, at) => interval(at, 5 + at));
      const plan = { scenarios: [{ kind: 'closed' }, { kind: 'open' }] } as unknown as Summary['plan'];
      assert.match(String(certainMiss(record([450, 700], { intervals, plan }))), /is missed and the queue grows$/);
      assert.equal(
        certainMiss(record([450, 700], { intervals })),
        undefined,
        'closed loads have no queue of their own',
      );
    });

    it('are not found by a temporary queue', () => {
      assert.equal(isGrowing(Array.from({ length: 30 }, (_, at) => interval(at, 10 + (at % 7)))), false);
      assert.equal(isGrowing(Array.from({ length: 30 }, (_, at) => interval(at, 50 - at))), false);
      assert.equal(isGrowing(Array.from({ length: 9 }, (_, at) => interval(at, 5 + 5 * at))), false);
    });
  });
});
