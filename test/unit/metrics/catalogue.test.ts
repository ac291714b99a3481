import assert from 'node:assert/strict';
import { Aggregator } from '../../../engine/metrics/aggregator.js';
import { BUILT_IN, type BuiltInMetric } from '../../../engine/metrics/catalogue.js';
import { Recorder } from '../../../engine/metrics/recorder.js';
import { valuesOf, viewsOf } from '../../../engine/metrics/values.js';

/** Values that a metric has once it has a sample. */
function keysOf(metric: string, info: BuiltInMetric): readonly string[] {
  const recorder = new Recorder(0, 0, { from: 0, to: 1000 });
  const series = recorder.series(metric, info, {}, 'steady');
  if (series.kind === 'rate') series.add(true);
  else if (series.kind === 'gauge') series.set(1);
  else series.add(1);
  const aggregator = new Aggregator();
  aggregator.apply(recorder.flush(1000, []));
  return Object.keys(valuesOf(aggregator, metric, info, viewsOf({ from: 0, to: 1000 }, 1000).whole) ?? {});
}

describe('the catalogue of metrics', () => {
  const metrics = Object.entries<BuiltInMetric | { readonly hidden: true }>(BUILT_IN).flatMap(([name, info]) =>
    'definition' in info ? [{ name, info }] : [],
  );

  for (const { name, info } of metrics) {
    const { shown, label } = info;
    if (!shown) continue;
    it(`shows ${name} under a label, with values that it has`, () => {
      assert.ok(label);
      const keys = [...(shown.brief ?? []), ...(shown.full ?? []), ...(shown.latency ? ['avg', 'p(99)'] : [])];
      const known = keysOf(name, info);
      assert.deepEqual(
        keys.filter((key) => !known.includes(key)),
        [],
      );
      if (shown.unlike) assert.ok(Object.hasOwn(BUILT_IN, shown.unlike));
    });
  }

  it('gives each figure of requests its own name', () => {
    const figures = metrics.flatMap(({ info }) => info.figure ?? []);
    assert.equal(new Set(figures).size, figures.length);
    assert.ok(figures.length > 10);
  });
});
