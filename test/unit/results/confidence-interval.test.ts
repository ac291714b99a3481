import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shareBounds } from '../../../engine/metrics/confidence.js';
import { randomSource } from '../../../engine/random.js';
import { compare } from '../../../engine/results/compare/compare.js';
import { type ComparedMetric, type ComparedRun, ownRun } from '../../../engine/results/compare/compared-run.js';
import {
  differenceBounds,
  estimateOf,
  ratioBounds,
  trendOfSamples,
} from '../../../engine/results/confidence-interval.js';
import { healthy } from '../reporters/summaries.js';

const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Latencies of consecutive requests, each correlated with the one before. The server's state is among them. */
function latencies(random: () => number, count: number, scale: number, dependence: number): number[][] {
  let state = normal(random);
  return Array.from({ length: count }, () => {
    state = dependence * state + Math.sqrt(1 - dependence ** 2) * normal(random);
    return [scale * Math.exp(0.3 * state)];
  });
}

const runOf = (llm_ttft: ComparedMetric): ComparedRun => {
  return {
    file: 'a.json',
    tool: 'tokenswarm',
    metrics: { llm_ttft },
    tokens: {},
    window: 'whole',
    facts: {},
    intervals: [],
  };
};

/** Verdicts on the second of two runs, counted by statistic. */
function wordsOf(trials: number, second: number, dependence = 0, count = 600): Record<string, Record<string, number>> {
  const random = randomSource(11);
  const said: Record<string, Record<string, number>> = {};
  for (let trial = 0; trial < trials; trial += 1) {
    const [a, b] = [100, second].map((scale) => trendOfSamples(latencies(random, count, scale, dependence))!);
    for (const { key, changes } of compare([runOf(a!), runOf(b!)]).rows) {
      const word = changes[0]?.word ?? '';
      said[key] = { ...said[key], [word]: (said[key]?.[word] ?? 0) + 1 };
    }
  }
  return said;
}

/** Share of equal pairs called different, by figure and kind of interval. */
function falseCalls(pairs: number, count: number, draw: (random: () => number) => number): Record<string, number> {
  const random = randomSource(count);
  const calls: Record<string, number> = {};
  for (let pair = 0; pair < pairs; pair += 1) {
    const [a, b] = [0, 1].map(() => trendOfSamples(Array.from({ length: count }, () => [draw(random)]))!);
    const bare = ({ confidence, ...rest }: ComparedMetric): ComparedMetric => rest;
    for (const [way, one, other] of [
      ['parts', a!, b!],
      ['distribution', bare(a!), bare(b!)],
    ] as const) {
      for (const key of ['avg', 'med', 'p(75)', 'p(90)', 'p(95)', 'p(99)']) {
        const [first, second] = [estimateOf(one, key), estimateOf(other, key)];
        const [low, high] = (first && second && ratioBounds(first, second)) ?? [1, 1];
        calls[`${key} by ${way}`] = (calls[`${key} by ${way}`] ?? 0) + (low > 1 || high < 1 ? 1 / pairs : 0);
      }
    }
  }
  return calls;
}

describe('the comparison of two runs of one thing', () => {
  const distributions: Readonly<Record<string, (random: () => number) => number>> = {
    uniform: (random) => 50 + 50 * random(),
    exponential: (random) => 10 - 50 * Math.log(1 - random()),
    'log-normal': (random) => 50 * Math.exp(normal(random)),
    'two-humped': (random) => (random() < 0.03 ? 500 : 50) * (1 + 0.05 * random()),
  };
  for (const [name, draw] of Object.entries(distributions)) {
    it(`calls a change in one pair of a hundred at most: ${name} latencies`, () => {
      for (const count of [10, 40, 130, 700]) {
        // Of 100 pairs one on average, and by chance up to five.
        for (const [figure, share] of Object.entries(falseCalls(100, count, draw))) {
          assert.ok(share <= 0.05, `${figure} of ${count} samples: ${share}`);
        }
      }
    }).timeout(60_000);
  }

  it('calls a difference of shares in one pair of a hundred at most', () => {
    const random = randomSource(3);
    const share = (n: number, p: number) => {
      const passes = Array.from({ length: n }, () => random()).filter((each) => each < p).length;
      return estimateOf(
        { type: 'rate', contains: 'default', values: { rate: passes / n, passes, fails: n - passes } },
        'rate',
      )!;
    };
    for (const n of [10, 100, 1000]) {
      for (const p of [0.02, 0.5]) {
        const called = Array.from({ length: 500 }, () => {
          const [low, high] = differenceBounds(share(n, p), share(n, p));
          return low > 0 || high < 0;
        }).filter(Boolean).length;
        assert.ok(called <= 10, `${called} of 500 at ${n} × ${p}`);
      }
    }
  });
});

describe('the comparison of two runs', () => {
  it('shows no difference between runs of one distribution as often as it claims', () => {
    const said = wordsOf(600, 100);
    for (const key of ['avg', 'med', 'p(95)']) {
      const same = said[key]?.['no difference shown'] ?? 0;
      assert.ok(same / 600 > 0.98, `${key}: ${JSON.stringify(said[key])}`);
    }
  }).timeout(60_000);

  it('does so where requests in a row depend on one another', () => {
    const said = wordsOf(300, 100, 0.9, 1200);
    for (const key of ['avg', 'med']) {
      const same = said[key]?.['no difference shown'] ?? 0;
      assert.ok(same / 300 > 0.96, `${key}: ${JSON.stringify(said[key])}`);
    }
  }).timeout(60_000);

  it('finds a difference where there is one', () => {
    assert.ok((wordsOf(60, 115).med?.slower ?? 0) > 57);
    assert.ok((wordsOf(60, 87).avg?.faster ?? 0) > 57);
  }).timeout(60_000);

  it('does not judge percentiles beyond which there are too few samples', () => {
    assert.deepEqual(wordsOf(5, 100, 0, 100)['p(99)'], { 'not judged': 5 });
  });
});

describe('the bounds of a change', () => {
  const estimate = (value: number, low: number, high: number) => {
    return { value, bounds: [low, high], asIfIndependent: false } as const;
  };

  it('are those of the wider figure and a tenth, where the other is exact', () => {
    const rounded = ([low, high]: readonly [number, number]) => [low.toFixed(4), high.toFixed(4)];
    assert.deepEqual(rounded(differenceBounds(estimate(2, 2, 2), estimate(5, 4, 7))), ['1.9000', '5.2000']);
    assert.deepEqual(rounded(ratioBounds(estimate(2, 2, 2), estimate(4, 2, 8))!), ['0.9330', '4.2871']);
  });

  it('contain the change, and turn round with the runs', () => {
    const figure = fc
      .tuple(fc.double({ min: 0.1, max: 1e4, noNaN: true }), fc.double({ min: 1.001, max: 3, noNaN: true }))
      .map(([value, spread]) => estimate(value, value / spread, value * spread));
    fc.assert(
      fc.property(figure, figure, (a, b) => {
        const [low, high] = ratioBounds(a, b)!;
        assert.ok(low <= b.value / a.value && b.value / a.value <= high);
        const [turnedLow, turnedHigh] = ratioBounds(b, a)!;
        assert.ok(Math.abs(turnedLow * high - 1) < 1e-9 && Math.abs(turnedHigh * low - 1) < 1e-9);
      }),
    );
  });

  it('are Newcombe’s and a tenth for shares', () => {
    // Newcombe's example 56/70 − 48/80: at 99 % 0.0054 … 0.3718, from Wilson's [0.4566, 0.7281] and [0.6535, 0.8946].
    const share = (passes: number, total: number) => ({
      value: passes / total,
      bounds: shareBounds(passes, total)!,
      asIfIndependent: true,
    });
    const [low, high] = differenceBounds(share(48, 80), share(56, 70));
    assert.deepEqual([low.toFixed(4), high.toFixed(4)], ['-0.0141', '0.3890']);
  });

  it('are undefined for a ratio to a figure that may be 0', () => {
    assert.equal(ratioBounds(estimate(1, 0, 2), estimate(1, 1, 1)), undefined);
  });
});

describe('the bounds of a figure', () => {
  const trend: ComparedMetric = { type: 'trend', contains: 'time', values: { count: 100, avg: 10, stddev: 2, med: 9 } };

  it('come from its record first', () => {
    const found = estimateOf({ ...trend, confidence: { med: [8, 11] } }, 'med');
    assert.deepEqual(found, { value: 9, bounds: [8, 11], asIfIndependent: false });
    assert.equal(estimateOf({ ...trend, confidence: { med: [8, 11] } }, 'avg'), undefined);
  });

  it('come from its deviation or its distribution else, as if samples were independent', () => {
    const { bounds, asIfIndependent } = estimateOf(trend, 'avg')!;
    assert.deepEqual([bounds.map((bound) => bound.toFixed(3)), asIfIndependent], [['9.472', '10.528'], true]);
    assert.equal(estimateOf(trend, 'med'), undefined);
    const histogram = {
      values: Array.from({ length: 100 }, (_, index) => index + 1),
      counts: Array.from({ length: 100 }, () => 1),
    };
    const [low, high] = estimateOf({ ...trend, histogram }, 'med')!.bounds;
    assert.deepEqual([Math.round(low), Math.round(high)], [37, 64]);
  });

  it('are undefined without the figure', () => {
    assert.equal(estimateOf(trend, 'p(95)'), undefined);
    assert.equal(estimateOf({ type: 'gauge', contains: 'default', values: { value: 3 } }, 'value'), undefined);
  });
});

describe('a run too short for parts', () => {
  it('is not judged by its latencies, for how its requests depend on one another is not known', () => {
    const short = (factor: number) => {
      const metric = healthy.metrics.llm_ttft!;
      const { confidence: _, ...bare } = metric;
      const values = Object.fromEntries(Object.entries(metric.values).map(([key, value]) => [key, value * factor]));
      const summary = { ...healthy, metrics: { llm_ttft: { ...bare, values } } };
      return ownRun('run.json', summary, { others: false, interpolated: false });
    };
    const words = compare([short(1), short(2)]).rows.map(({ changes }) => changes[0]?.word);
    assert.deepEqual(new Set(words), new Set(['not judged']));
  });
});
