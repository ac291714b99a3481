import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import type { LevelRun } from '../../../engine/results/sweep/level.js';
import type { Capacity, Sweep } from '../../../engine/results/sweep/sweep.js';
import { tableOf } from '../../../engine/results/sweep/table.js';
import { readVariables } from '../../../engine/results/sweep/vary.js';
import { reportHtml, reportText, sweepCsv, sweepReport, type TextOptions } from '../../../reporters/index.js';
import { displayWidth } from '../../../reporters/terminal-text.js';

const sweepText = (sweep: Sweep, options: TextOptions = {}) =>
  reportText(sweepReport(sweep), { width: 100, ...options });

function runOf(N: string, throughput: number, more: Partial<LevelRun> = {}): LevelRun {
  return {
    name: `N=${N}`,
    values: { N },
    repeat: 1,
    startedAt: '2026-01-02T03:04:05.678Z',
    users: Number(N),
    figures: { outputTokensPerSecond: throughput, ttftP50: 45, ttftP95: 80, ttftP99: 120, tpotP50: 15, failed: 0 },
    window: 'steady',
    requests: 100,
    verdict: 'valid',
    reasons: [],
    simulated: true,
    model: 'sim',
    exitCode: 0,
    crossed: [],
    ...more,
  };
}

function sweepOf(runs: readonly LevelRun[], capacity?: Capacity): Sweep {
  return {
    schema: 'tokenswarm/sweep',
    version: 1,
    tool: { name: 'tokenswarm', version: '0' },
    asked: { command: 'sweep', scenario: 'a.ts', '--vary N': '1,4' },
    labels: { gpu: '<b>H800' },
    target: { baseUrl: 'http://h/v1', model: 'm', simulated: true },
    variables: ['N'],
    ...tableOf(readVariables(['N=1,4']), [], runs),
    runs: runs.map(({ name, values, repeat }) => ({ name, values, repeat, state: 'done' })),
    ...(capacity && { capacity }),
  };
}

const RANGE = { name: 'N', low: 1, high: 8, step: 1 };
const MISS = { text: 'llm_ttft p(95)<50', metric: 'llm_ttft', source: 'p(95)<50', observed: 80, beyond: 0.6 };

describe('the text of several runs', () => {
  it('marks simulated runs', () => {
    const same = sweepText(sweepOf([runOf('1', 50), runOf('4', 190)]));
    assert.match(same, /model m \(simulated\)/);
    assert.doesNotMatch(same, /measured/);
    const mixed = sweepOf([runOf('1', 50), runOf('4', 190, { simulated: false })]);
    assert.match(sweepText(mixed), /^ +1 .* valid, simulated\n +4 .* valid, measured$/m);
    assert.match(reportHtml(sweepReport(mixed)), /valid, measured/);
  });

  it('says that a prefix cache made the work of levels unequal, or may have', () => {
    const flat = (runs: readonly LevelRun[]) => sweepText(sweepOf(runs)).replace(/\s+/g, ' ');
    const real = { simulated: false, samePrompts: true };
    const unequal = [
      runOf('1', 50, { ...real, prefixHitRate: 0.02 }),
      runOf('4', 190, { ...real, prefixHitRate: 0.6 }),
    ];
    assert.match(
      flat(unequal),
      /! The server's prefix cache had 2\.00% of the prompts' tokens at N=1 and 60\.00% .* at N=4/,
    );
    assert.match(
      flat([runOf('1', 50, real), runOf('4', 190, real)]),
      /! All runs sent the same prompts, and the server/,
    );
    const equal = unequal.map((run) => ({ ...run, prefixHitRate: 0.3 }));
    const salted = [runOf('1', 50, { simulated: false }), runOf('4', 190, { simulated: false })];
    for (const runs of [equal, salted, [runOf('1', 50), runOf('4', 190)]]) assert.doesNotMatch(flat(runs), /cache/);
  });

  it('fits the terminal, however narrow', () => {
    const sweep = sweepOf([
      runOf('1', 50),
      runOf('4', 12_345.67),
      runOf('4', 12_300, { repeat: 2, name: 'N=4.repeat-2' }),
    ]);
    for (const width of [60, 72, 80, 100, 120]) {
      const lines = sweepText(sweep, { width }).split('\n');
      assert.deepEqual(
        lines.filter((line) => displayWidth(line) > width),
        [],
      );
    }
    assert.match(sweepText(sweep, { width: 100 }), /TTFT p50 +p99 +TPOT p50 +p99 +E2E p50 +p99 +req\/min/);
    assert.match(sweepText(sweep, { width: 60 }), /N +tokens\/s +TTFT p50 +TPOT p50 +(E2E p50 +)?failed/);
    assert.doesNotMatch(sweepText(sweep, { isAscii: true }), /[▏▎▍▌▋▊▉]|█{2}/);
  });

  it('lists caveats once, and what was not done', () => {
    const doubt = (seconds: number) => ({
      verdict: 'suspect' as const,
      reasons: [`the steady state lasted ${seconds} s; at least 10.0 s are needed`],
    });
    const sweep = sweepOf([runOf('1', 50, doubt(2)), runOf('4', 190, { ...doubt(3), cutShort: 'enough' })]);
    const runs = [
      ...sweep.runs,
      { name: 'N=8', values: { N: '8' }, repeat: 1, state: 'failed' as const, reason: 'no' },
    ];
    const text = sweepText({ ...sweep, runs });
    assert.match(text, /runs {7}2 of 3 done/);
    assert.match(text, /! N=1, 4: the steady state lasted 2 s; at least 10\.0 s are needed \(and similar\)/);
    assert.match(text, /- N=4 was cut short: enough\n/);
    assert.match(text, /✗ N=8 failed: no\n/);
  });
});

describe('the result of a search', () => {
  const tried = [
    { level: 1, run: 'N=1', met: true, misses: [] },
    { level: 4, run: 'N=4', met: false, misses: [MISS] },
  ];
  const found = { kind: 'within', passing: 1, failing: 4, violations: [], mixed: [] } as const;
  const textOf = (more: Partial<Capacity>, runs = [runOf('1', 50), runOf('4', 190)]) =>
    sweepText(sweepOf(runs, { range: RANGE, precision: 0.05, slos: [], tried, ...more }), { width: 200 });

  it('is a level between bounds, and by how much the next one misses', () => {
    const text = textOf({ found });
    assert.match(
      text,
      /✓ N=1 is the most that meets the objectives; 4 does not: llm_ttft p\(95\)<50 was 80ms, 60\.00% beyond it\./s,
    );
    assert.match(text, /^ +1 .* met\n +4 .* missed$/m);
    assert.match(textOf({}), /The search is not finished; the last level was N=4\./);
  });

  it('has its caveats', () => {
    assert.match(textOf({ found: { ...found, mixed: [1] } }), /! N=1 met the objectives in some of its runs/);
    assert.match(textOf({ found: { ...found, violations: [8] } }), /! N=8 met the objectives although 4 did\s+not/);
    const suspect = [runOf('1', 50, { verdict: 'suspect', reasons: ['short'] }), runOf('4', 190)];
    assert.match(
      textOf({ found }, suspect),
      /! N=1 is the most that meets .* beyond it; the numbers\s+are\s+suspect\.\n/s,
    );
    const invalid = [runOf('1', 50), runOf('4', 190, { verdict: 'invalid', reasons: ['busy'] })];
    assert.match(textOf({ found }, invalid), /! The numbers at N=4 are invalid: the limit may be the generator's/);
    const dropped = { ...MISS, metric: 'dropped_iterations', source: 'share<=0.01', observed: 0.125, text: 'dropped' };
    const misses = [dropped, { ...MISS, observed: undefined, beyond: undefined }];
    const below = { found: { ...found, kind: 'below' as const, passing: undefined, failing: 1 } };
    const none = textOf({ ...below, tried: [{ level: 1, run: 'N=1', met: false, misses }] });
    assert.match(
      none,
      /✗ Not even N=1 meets the objectives: dropped was 12\.50%, 60\.00% beyond it; llm_ttft p\(95\)<50 had no/,
    );
  });
});

describe('the files of several runs', () => {
  const sweep = sweepOf([runOf('1', 50, { crossed: [{ text: 'a<1' }, { text: 'b<1' }] }), runOf('4', 190)]);

  it('are CSV with a row for each run', () => {
    const rows = parse(sweepCsv(sweep), { columns: true }) as Record<string, string>[];
    assert.deepEqual(
      rows.map((row) => [row.N, row.gpu, row.served_model, row.output_tokens_per_second, row.ttft_p95, row.crossed]),
      [
        ['1', '<b>H800', 'sim', '50', '80', 'a<1; b<1'],
        ['4', '<b>H800', 'sim', '190', '80', ''],
      ],
    );
  });

  it('are a page with all text escaped', () => {
    const page = reportHtml(sweepReport(sweep));
    assert.ok(!page.includes('<b>H800') && page.includes('&lt;b&gt;H800'));
    assert.match(
      page,
      /"title":"Output tokens per second","x":{"name":"N","unit":"count"},"y":{"name":"tokens\/s","unit":"count"},.*?"xs":\[1,4\]/,
    );
  });
});
