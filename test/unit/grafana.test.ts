import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN, type MetricInfo } from '../../engine/metrics/catalogue.js';
import { exportedMetrics } from '../../reporters/exported/index.js';
import { otlpPayload } from '../../reporters/otlp/payload.js';
import { familiesOf } from '../../reporters/prometheus/families.js';
import { ROOT } from '../support/command.js';
import { grafanaDashboard, queriesOf, type Way } from '../support/grafana.js';
import { liveRun } from '../support/live-run.js';
import { everything } from './reporters/snapshots.js';

/** Every metric that a run can export. */
const METRICS = exportedMetrics(
  liveRun((recorder) => {
    for (const [name, info] of Object.entries<MetricInfo>(BUILT_IN)) {
      if (info.derived) continue;
      const series = recorder.series(name, info, {}, 'steady');
      if (series.kind === 'gauge') series.set(1);
      else if (series.kind === 'rate') series.add(true);
      else series.add(1);
    }
  }),
  everything,
);

/** Suffixes of Prometheus for units of OTLP. Source: prometheus/otlptranslator, units. */
const SUFFIXES: Readonly<Record<string, string>> = {
  ...{ ms: '_milliseconds', s: '_seconds', By: '_bytes', W: '_watts', J: '_joules', Hz: '_hertz', Cel: '_celsius' },
  ...{ '1': '_ratio', '': '' },
};

/** Names in Prometheus, by the way of the metrics. */
const EXPORTED: Readonly<Record<Way, ReadonlySet<string>>> = {
  prometheus: new Set(
    familiesOf(METRICS, (name) => assert.fail(name)).flatMap(({ base, kind }) => {
      if (kind === 'histogram') return [`${base}_bucket`, `${base}_sum`, `${base}_count`];
      return [kind === 'counter' ? `${base}_total` : base];
    }),
  ),
  otlp: new Set(
    namesInOtlp(otlpPayload(METRICS, { resource: {}, startedAt: 0, now: 1 })).map(
      ({ name, unit, isSum }) => `${name}${SUFFIXES[unit]}${isSum ? '_total' : ''}`,
    ),
  ),
};

function namesInOtlp(
  payload: object,
): readonly { readonly name: string; readonly unit: string; readonly isSum: boolean }[] {
  const [{ scopeMetrics }] = JSON.parse(JSON.stringify(payload)).resourceMetrics;
  return scopeMetrics[0].metrics.map((metric: { name: string; unit: string; sum?: object }) => ({
    ...{ name: metric.name, unit: metric.unit, isSum: metric.sum !== undefined },
  }));
}

describe('the dashboards for Grafana', () => {
  for (const way of ['prometheus', 'otlp'] as const) {
    const file = join(ROOT, `deploy/grafana/tokenswarm-${way}.json`);

    it(`${way}: stands in deploy/grafana as it follows from its panels`, () => {
      if (process.env.UPDATE_GOLDEN) writeFileSync(file, grafanaDashboard(way));
      assert.equal(readFileSync(file, 'utf8'), grafanaDashboard(way), 'UPDATE_GOLDEN=1 writes it anew');
    });

    it(`${way}: asks for names that are exported, and for nothing else`, () => {
      const queries = queriesOf(readFileSync(file, 'utf8'));
      assert.ok(queries.length > 25, String(queries.length));
      const asked = queries.flatMap((query) => [...query.matchAll(/([a-z_]\w*)\{/g)].map(([, name = '']) => name));
      assert.deepEqual(
        asked.filter((name) => !EXPORTED[way].has(name)),
        [],
      );
    });
  }
});
