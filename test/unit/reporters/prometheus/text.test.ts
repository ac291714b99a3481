import assert from 'node:assert/strict';
import { BUILT_IN, type MetricInfo } from '../../../../engine/metrics/catalogue.js';
import { VERSION } from '../../../../engine/version.js';
import { exportedMetrics } from '../../../../reporters/exported/index.js';
import { familiesOf } from '../../../../reporters/prometheus/families.js';
import { prometheusText } from '../../../../reporters/prometheus/text.js';
import { liveRun } from '../../../support/live-run.js';
import { assertGolden } from '../golden.js';
import { midway } from '../snapshots.js';

const ODD = 'a "b"\\c\nd{e="f"} 你好';

const run = liveRun((recorder) => {
  const tags = recorder.tagsOf('default', 'chat');
  for (const ms of [20, 40, 60, 100]) recorder.trend('llm_ttft', tags, 'steady').add(ms);
  recorder.trend('llm_ttft', { ...tags, failed: 'true' }, 'steady').add(5000);
  recorder.trend('llm_ttft', tags, 'outside').add(1600);
  recorder.trend('llm_output_tokens', tags, 'steady').add(128, 4);
  recorder.counter('llm_requests', tags, 'steady').add(5);
  recorder.rate('llm_failed', tags, 'steady').add(true);
  recorder.rate('llm_failed', tags, 'steady').add(false);
  recorder.counter('flow_output_tokens', tags, 'steady').add(500);
  recorder.counter('flow_simulated', tags, 'steady').add(1);
  recorder.counter('flow_in_flight_ms', tags, 'steady').add(4000);
  recorder.counter('data_received', recorder.tagsOf('default'), 'outside').add(2048);
  recorder.series('mine', { kind: 'gauge', contains: 'time' }, { phase: ODD, 'my tag': ODD, 'my-tag': 'x' }, 'steady');
  const mine = recorder.series(
    'mine',
    { kind: 'gauge', contains: 'time' },
    { phase: ODD, 'my tag': ODD, le: '' },
    'steady',
  );
  if (mine.kind === 'gauge') mine.set(250);
});

/** Page of the run, in a dialect. */
function pageOf(dialect: 'prometheus' | 'openmetrics'): string {
  const families = familiesOf(exportedMetrics(run, midway), (name) => assert.fail(name));
  return prometheusText(families, dialect).replace(`version="${VERSION}"`, 'version="1.2.3"');
}

describe('the text for Prometheus', () => {
  for (const dialect of ['prometheus', 'openmetrics'] as const) {
    it(`looks as in its golden file, for ${dialect}`, () => assertGolden(`${dialect}.txt`, pageOf(dialect)));
  }

  it('has base units, and buckets that only grow', () => {
    const lines = pageOf('prometheus').split('\n');
    const labels = 'scenario="default",name="chat",phase="steady"';
    assert.ok(lines.includes(`tokenswarm_llm_ttft_seconds_sum{${labels}} 0.22`));
    const counts = lines
      .filter((line) => line.startsWith(`tokenswarm_llm_ttft_seconds_bucket{${labels}`))
      .map((line) => Number(line.split(' ').at(-1)));
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b),
    );
    assert.equal(counts.at(-1), 4);
    assert.ok(lines.includes(`tokenswarm_llm_ttft_seconds_bucket{${labels},le="0.1"} 4`));
    assert.ok(lines.includes(`tokenswarm_llm_ttft_seconds_bucket{${labels},le="0.063"} 3`));
  });

  it('derives rates from flows, by phase', () => {
    const line = 'tokenswarm_llm_output_tokens_per_second{scenario="default",name="chat",phase="steady"} 50';
    assert.ok(pageOf('prometheus').includes(`\n${line}\n`));
    assert.ok(pageOf('prometheus').includes('llm_concurrency{scenario="default",name="chat",phase="steady"} 0.4\n'));
  });

  it('has no failed requests in latencies, and no hidden metric', () => {
    assert.doesNotMatch(pageOf('prometheus'), /failed="true"|flow_simulated/);
  });

  it('takes labels with anything in their names and values', () => {
    const escaped = ODD.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    const line = `tokenswarm_mine_seconds{my_tag="${escaped}",tag_phase="${escaped}",phase="steady"} 0.25`;
    assert.ok(pageOf('openmetrics').split('\n').includes(line), pageOf('openmetrics'));
  });

  it('leaves out a metric whose name another has taken, and says which', () => {
    const clashing = liveRun((recorder) => {
      recorder.rate('checks', { check: 'a' }, 'steady').add(true);
      const mine = recorder.series('checks_samples', { kind: 'counter', contains: 'default' }, {}, 'steady');
      if (mine.kind === 'counter') mine.add(1);
    });
    const left: string[] = [];
    const families = familiesOf(exportedMetrics(clashing, undefined), (name) => left.push(name));
    assert.deepEqual(left, ['checks_samples']);
    assert.equal(new Set(families.map(({ base }) => base)).size, families.length);
  });

  it('has a name of its own for every metric of the catalogue', () => {
    const all = liveRun((recorder) => {
      for (const [name, info] of Object.entries<MetricInfo>(BUILT_IN)) {
        if (info.derived) continue;
        const series = recorder.series(name, info, {}, 'steady');
        if (series.kind === 'gauge') series.set(1);
        else if (series.kind === 'rate') series.add(true);
        else series.add(1);
      }
    });
    const names = familiesOf(exportedMetrics(all, midway), (name) => assert.fail(name)).map(({ base }) => base);
    assert.ok(names.length > 50, String(names.length));
  });
});
