import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Summary } from '../../../engine/index.js';
import { summaryData } from '../../../engine/metrics/summary-data.js';
import { empty, healthy, troubled } from '../reporters/summaries.js';

const TERMINAL = { custom: {}, setup: undefined, isStdOutTTY: true, isStdErrTTY: false };

describe('a summary in the form of k6', () => {
  it('has groups within groups, each with its checks, of all scenarios together', () => {
    const check = (scenario: string, group: string, name: string, passes: number, fails: number) => {
      return { scenario, group, name, passes, fails };
    };
    const checks = [
      check('a', '', 'at the root', 1, 0),
      check('a', '::one::two', 'deep', 2, 1),
      check('b', '::one::two', 'deep', 3, 0),
      check('b', '::one', 'deep', 5, 0),
      check('setup', '::setup', 'ready', 1, 0),
    ];
    const { root_group: root } = summaryData({ ...TERMINAL, summary: { ...empty, checks } });
    assert.deepEqual([root.name, root.path, root.id], ['', '', 'd41d8cd98f00b204e9800998ecf8427e']);
    assert.deepEqual(
      root.checks.map(({ name, path, passes }) => [name, path, passes]),
      [['at the root', '::at the root', 1]],
    );
    const [one, setup] = root.groups;
    assert.deepEqual([one?.name, setup?.path, root.groups.length], ['one', '::setup', 2]);
    const [two] = one?.groups ?? [];
    const path = '::one::two::deep';
    const id = createHash('md5').update(path).digest('hex');
    assert.deepEqual([two?.path, two?.groups], ['::one::two', []]);
    assert.deepEqual(two?.checks, [{ name: 'deep', path, id, passes: 5, fails: 1 }]);
    assert.deepEqual(one?.checks[0]?.passes, 5);
  });

  it('has groups in which nothing was checked', () => {
    const { root_group: root } = summaryData({ ...TERMINAL, summary: { ...troubled, checks: [] } });
    assert.deepEqual(
      root.groups.map(({ path, checks }) => [path, checks]),
      [
        ['::首轮', []],
        ['::summary', []],
      ],
    );
  });

  it('has every metric with its values and thresholds, also one without a sample', () => {
    const { metrics, state, options, tokenswarm, ...rest } = summaryData({ ...TERMINAL, summary: troubled });
    assert.deepEqual(metrics.llm_ttft?.thresholds, { 'p(95)<500': { ok: false }, 'p(99) < 5000': { ok: true } });
    assert.deepEqual(metrics.llm_ttft?.values, troubled.metrics.llm_ttft?.values);
    assert.deepEqual(metrics['llm_ttft{name:聊天：首轮}']?.thresholds, { 'med<200': { ok: true } });
    assert.deepEqual(metrics.llm_good?.thresholds, { 'rate>0.95': { ok: true } });
    assert.deepEqual(metrics.vus, { type: 'gauge', contains: 'default', values: troubled.metrics.vus?.values });
    assert.deepEqual(state, { isStdOutTTY: true, isStdErrTTY: false, testRunDurationMs: troubled.run.seconds * 1000 });
    assert.deepEqual(options.summaryTrendStats, ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)']);
    assert.deepEqual([tokenswarm, Object.keys(rest)], [troubled, ['root_group']]);
  });

  it('knows the kind of a metric that only a threshold speaks of', () => {
    const thresholds: Summary['thresholds'] = ['mine{a:b}', 'llm_good'].map((metric) => {
      return {
        metric,
        source: 'rate>0',
        window: 'whole',
        observed: undefined,
        ok: true,
        abortOnFail: false,
        samples: 0,
      };
    });
    const custom = { mine: { kind: 'counter', contains: 'data' } as const };
    const { metrics } = summaryData({ ...TERMINAL, custom, summary: { ...empty, thresholds } });
    const met = { 'rate>0': { ok: true } };
    assert.deepEqual(metrics['mine{a:b}'], { type: 'counter', contains: 'data', values: {}, thresholds: met });
    assert.deepEqual(metrics.llm_good, { type: 'rate', contains: 'default', values: {}, thresholds: met });
  });

  it('has what setup returned, where there is a setup', () => {
    const of = (setup: { data: unknown } | undefined) => summaryData({ ...TERMINAL, summary: healthy, setup });
    assert.deepEqual(of({ data: { a: [1] } }).setup_data, { a: [1] });
    assert.equal(of({ data: null }).setup_data, null);
    assert.ok(!('setup_data' in of(undefined)));
  });
});
