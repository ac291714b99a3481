import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addChange,
  Counter,
  contentsOf,
  Gauge,
  openSeries,
  Rate,
  seriesText,
  type Tags,
  Trend,
  tagsText,
} from '../../../engine/metrics/series.js';

describe('the text of a series', () => {
  const tags = fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), { maxKeys: 4 });

  it('does not depend on the order of the tags', () => {
    fc.assert(
      fc.property(tags, (given) => {
        const reversed = Object.fromEntries(Object.entries(given).reverse());
        assert.equal(seriesText('m', tagsText(given), 'steady'), seriesText('m', tagsText(reversed), 'steady'));
      }),
    );
  });

  it('differs where tags differ', () => {
    const sorted = (of: Tags) => JSON.stringify(Object.entries(of).sort());
    fc.assert(
      fc.property(tags, tags, (a, b) => {
        const same = seriesText('m', tagsText(a), 'steady') === seriesText('m', tagsText(b), 'steady');
        assert.equal(same, sorted(a) === sorted(b));
      }),
    );
  });

  const pairs: readonly (readonly [Tags, Tags])[] = [
    [{ a: '1,b:2' }, { a: '1', b: '2' }],
    [{ a: 'x' }, { a: 'x', b: '' }],
    [{ a: '' }, {}],
    [{ 'a:b': 'c' }, { a: 'b:c' }],
    [{ a: '1}steady' }, { a: '1' }],
  ];
  for (const [a, b] of pairs) {
    it(`tells ${JSON.stringify(a)} from ${JSON.stringify(b)}`, () => {
      assert.notEqual(seriesText('m', tagsText(a), 'steady'), seriesText('m', tagsText(b), 'steady'));
    });
  }

  it('tells metrics and phases apart', () => {
    const texts = [
      seriesText('m', tagsText({}), 'steady'),
      seriesText('m', tagsText({}), 'outside'),
      seriesText('n', tagsText({}), 'steady'),
    ];
    assert.equal(new Set(texts).size, 3);
  });
});

describe('a series', () => {
  it('opens as its metric says', () => {
    const kinds = ['counter', 'rate', 'gauge', 'trend'] as const;
    for (const kind of kinds) assert.equal(openSeries({ kind, contains: 'default' }).kind, kind);
  });

  it('drains to nothing when nothing was added', () => {
    for (const series of [new Counter(), new Rate(), new Gauge(), new Trend('time')]) {
      assert.equal(series.drain(), undefined);
    }
  });

  it('counts amounts', () => {
    const counter = new Counter();
    counter.add(2);
    counter.add(0.5);
    assert.deepEqual(counter.drain(), { kind: 'counter', sum: 2.5 });
    assert.equal(counter.drain(), undefined);
    counter.add(1);
    assert.deepEqual(counter.drain(), { kind: 'counter', sum: 1 });
  });

  it('counts passes and all samples', () => {
    const rate = new Rate();
    for (const passed of [true, false, false, true, false]) rate.add(passed);
    assert.deepEqual(rate.drain(), { kind: 'rate', passes: 2, total: 5 });
    rate.add(false);
    assert.deepEqual(rate.drain(), { kind: 'rate', passes: 0, total: 1 });
  });

  it('keeps the last value, and the lowest and highest ever', () => {
    const gauge = new Gauge();
    for (const value of [5, 9, -1, 4]) gauge.set(value);
    assert.deepEqual(gauge.drain(), { kind: 'gauge', value: 4, min: -1, max: 9 });
    assert.equal(gauge.drain(), undefined);
    gauge.set(4);
    assert.deepEqual(gauge.drain(), { kind: 'gauge', value: 4, min: -1, max: 9 });
  });

  it('says whether a trend could take a value', () => {
    const trend = new Trend('time');
    assert.equal(trend.add(5), true);
    assert.equal(trend.add(Number.NaN), false);
    assert.equal(trend.histogram.count, 1);
  });

  it('is the same after its contents were added to an empty one, and keeps them', () => {
    const [counter, rate, gauge, trend] = [new Counter(), new Rate(), new Gauge(), new Trend('default')];
    counter.add(3);
    rate.add(true);
    gauge.set(7);
    gauge.set(2);
    trend.add(11, 4);
    for (const series of [counter, rate, gauge, trend]) {
      const copy = openSeries({ kind: series.kind, contains: 'default' });
      addChange(copy, contentsOf(series));
      assert.deepEqual(contentsOf(copy), contentsOf(series));
      addChange(copy, contentsOf(series));
      assert.deepEqual(contentsOf(series), series.drain());
    }
  });

  it('takes in a gauge of another worker', () => {
    const gauge = new Gauge();
    gauge.set(5);
    addChange(gauge, { kind: 'gauge', value: 3, min: 1, max: 4 });
    assert.deepEqual(contentsOf(gauge), { kind: 'gauge', value: 3, min: 1, max: 5 });
  });
});
