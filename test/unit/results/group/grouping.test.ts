import assert from 'node:assert/strict';
import { UserError } from '../../../../engine/errors.js';
import { benchmarkOf } from '../../../../engine/results/group/benchmark.js';
import { figureOf } from '../../../../engine/results/group/figure.js';
import { groupName, groupRuns } from '../../../../engine/results/group/grouping.js';
import { rankingText } from '../../../../engine/results/group/ranking.js';
import type { RecordedRun } from '../../../../engine/results/recorded-run.js';
import { type Measured, recordOf } from '../../../support/records.js';

const BY = ['gpu', 'model', 'tp'];

/** Runs of made-up records, each under a name of its own. */
const runs = (...all: readonly Measured[]): RecordedRun[] =>
  all.map((measured, index) => ({ file: `${index}.json`, record: recordOf(measured) }));

const on = (gpu: string, more: Measured = {}): Measured => {
  return { ...more, labels: { gpu, model: 'Qwen2.5-7B', tp: '1', ...more.labels } };
};

/** Message and flag of the error that grouping throws. */
function refusal(all: readonly RecordedRun[], by = BY): string {
  try {
    groupRuns(all, by);
  } catch (error) {
    assert.ok(error instanceof UserError);
    assert.equal(error.where, `--by ${by.join(',')}`);
    return error.message;
  }
  throw new Error('nothing was refused');
}

describe('grouping runs by labels', () => {
  it('unifies spellings of cards and models, and sorts levels', () => {
    const { groups } = groupRuns(
      runs(
        on('H800', { users: 64 }),
        on('NVIDIA H800', { users: 8, labels: { model: 'Qwen/Qwen2.5-7B-Instruct' } }),
        on('my card', { users: 1 }),
        on('My Card', { rate: 2 }),
      ),
      BY,
    );
    assert.deepEqual(
      groups.map((group) => [groupName(group), group.settings.map(({ level }) => level)]),
      [
        [
          'H800, Qwen2.5-7B, TP 1',
          [
            { kind: 'users', value: 8 },
            { kind: 'users', value: 64 },
          ],
        ],
        [
          'my card, Qwen2.5-7B, TP 1',
          [
            { kind: 'users', value: 1 },
            { kind: 'rate', value: 2 },
          ],
        ],
      ],
    );
  });

  it('leaves out runs without a label, cut short or invalid, and lists them', () => {
    const { groups, leftOut } = groupRuns(
      runs(
        on('H800'),
        { labels: { gpu: 'H800' } },
        {},
        on('H800', { run: { outcome: 'aborted', reason: 'a threshold was crossed' } }),
        on('H800', { quality: { verdict: 'invalid', reasons: ['a worker was too busy'] } }),
      ),
      BY,
      [{ file: 'x.json', why: 'it is not JSON' }],
    );
    assert.equal(groups.length, 1);
    assert.deepEqual(leftOut, [
      { file: 'x.json', why: 'it is not JSON' },
      { file: '1.json', why: 'it has no label model, tp; it has gpu=H800' },
      { file: '2.json', why: 'it has no label gpu, model, tp; it has none' },
      { file: '3.json', why: 'the run was aborted: a threshold was crossed' },
      { file: '4.json', why: 'its numbers are invalid: a worker was too busy' },
    ]);
    const record = { ...recordOf(on('H800')), metrics: {} };
    assert.throws(() => groupRuns([{ file: 'none.json', record }], BY), /none\.json: no LLM request ended in it/);
  });

  it('refuses runs of the same labels and level that are no repeats of one another, all at once', () => {
    const message = refusal(
      runs(
        on('H800', { users: 8 }),
        on('H800', { users: 8, input: 900 }),
        on('A800', { users: 8 }),
        on('A800', { users: 8, scenario: 'scenarios/latency.ts', labels: { prompts: 'long' } }),
        on('A800', { users: 8, model: 'another' }),
      ),
    );
    assert.equal(
      message,
      [
        '0.json and 1.json have the same labels (gpu=H800, model=Qwen2.5-7B, tp=1) and 8 users, but differ in the prompts: 900.0 input tokens a request against 100.0',
        '2.json and 3.json have the same labels (gpu=A800, model=Qwen2.5-7B, tp=1) and 8 users, but differ in the scenario: throughput.ts against latency.ts',
        "2.json and 4.json have the same labels (gpu=A800, model=Qwen2.5-7B, tp=1) and 8 users, but differ in the server's model: served against another",
      ].join('\n'),
    );
  });

  it('refuses a group of several deployments, and a label that the server contradicts', () => {
    assert.equal(
      refusal(runs(on('H800', { users: 1 }), on('H800', { users: 8, labels: { tp: '2' } })), ['gpu', 'model']),
      'runs of gpu=H800, model=Qwen2.5-7B differ in tp (1, 2), which --by does not name',
    );
    assert.equal(
      refusal(runs(on('H800', { model: 'Qwen/Qwen2.5-14B-Instruct' }))),
      "0.json: its label says model=Qwen2.5-7B, but the server's model is Qwen/Qwen2.5-14B-Instruct",
    );
    const simulates = { card: 'H800 SXM', model: 'Qwen2.5-7B', tensorParallel: 2 };
    const simulated = (measured: Measured): RecordedRun[] => {
      return runs(measured).map(({ file, record }) => {
        return { file, record: { ...record, target: { baseUrl: '', model: 'sim', simulated: true, simulates } } };
      });
    };
    const right = groupRuns(simulated(on('NVIDIA H800', { labels: { tp: '2' } })), BY);
    assert.deepEqual(
      right.groups.map((group) => group.simulated),
      [true],
    );
    for (const [measured, said] of [
      [on('A800', { labels: { tp: '2' } }), 'gpu=A800, model=Qwen2.5-7B, tp=2'],
      [on('H800'), 'gpu=H800, model=Qwen2.5-7B, tp=1'],
      [on('H800', { labels: { tp: '2', model: 'Qwen2.5-14B' } }), 'gpu=H800, model=Qwen2.5-14B, tp=2'],
    ] as const) {
      const message = `0.json: its labels say ${said}, but its server simulated Qwen2.5-7B on 2 × H800 SXM`;
      assert.equal(refusal(simulated(measured)), message);
    }
    assert.match(refusal(runs({})), /^no run is left to compare\n0\.json: it has no label gpu, model, tp/);
  });

  it('identifies a scenario by name, not by folder', () => {
    const elsewhere = on('H800', { scenario: '../scenarios/throughput.ts', model: 'Qwen/Qwen2.5-7B-Instruct' });
    const [group] = groupRuns(runs(on('H800', { model: 'Qwen2.5-7B' }), elsewhere), BY).groups;
    assert.equal(group!.settings[0]!.runs.length, 2);
  });

  it('ignores differences of prompts within chance', () => {
    const drawn = (output: number, samples: number) => on('H800', { output, outputSpread: { stddev: 60, samples } });
    // 60 and 66 tokens, whose means 23 requests know to ± 12.5 and 2,000 to ± 1.3.
    assert.equal(groupRuns(runs(drawn(60, 23), drawn(66, 23)), BY).groups[0]!.settings[0]!.runs.length, 2);
    assert.match(
      refusal(runs(drawn(60, 2000), drawn(66, 2000))),
      /differ in the prompts: 66\.0 output tokens a request/,
    );
  });

  it('combines repeats to their mean, with the bounds of how they spread', () => {
    const repeats = [90, 100, 110].map((ttft, index) => on('H800', { ttft, labels: { repeat: String(index + 1) } }));
    const { groups } = groupRuns(runs(...repeats), BY);
    const [setting] = groups[0]!.settings;
    assert.equal(setting!.runs.length, 3);
    const records = setting!.runs.map(({ record }) => record);
    const { value, bounds } = figureOf(records, 'llm_ttft', 'avg')!;
    // Student's quantile of two degrees of freedom at 99 %, times 10 / √3.
    const width = (9.9248 * 10) / Math.sqrt(3);
    assert.ok(Math.abs(value - 100) < 1e-9);
    assert.ok(Math.abs(bounds![0] - (100 - width)) < 0.01 && Math.abs(bounds![1] - (100 + width)) < 0.01);
    // Two tell too little of a spread: from the lowest bound to the highest.
    const two = figureOf(records.slice(0, 2), 'llm_ttft', 'avg')!;
    assert.deepEqual([two.value, two.bounds!.map(Math.round)], [95, [88, 102]]);
  });
});

describe('a benchmark of several scenarios', () => {
  it('keeps them apart where they were run at the same level, and only there', () => {
    const latency = { scenario: 'scenarios/latency.ts' };
    const both = benchmarkOf(runs(on('H800', latency), on('H800'), on('H800', { users: 8 })), BY);
    assert.deepEqual(
      both.groups.map((group) => [groupName(group), group.settings.length]),
      [
        ['H800, Qwen2.5-7B, TP 1, latency.ts', 1],
        ['H800, Qwen2.5-7B, TP 1, throughput.ts', 2],
      ],
    );
    const one = benchmarkOf(runs(on('H800', latency), on('H800', { users: 8 })), BY);
    assert.deepEqual([one.by, one.groups.length], [BY, 1]);
  });
});

describe('ranking groups', () => {
  const latencies = (...all: readonly (readonly [gpu: string, ttft: number, more?: Measured])[]) =>
    benchmarkOf(runs(...all.map(([gpu, ttft, more]) => on(gpu, { ...more, ttft }))), BY);
  const ttft = (benchmark: ReturnType<typeof latencies>) =>
    benchmark.families.map(({ rankings }) => rankings.find(({ metric }) => metric === 'llm_ttft')!);

  it('ranks as ties what the bounds do not separate, and marks suspect runs', () => {
    const quality = { verdict: 'suspect' } as const;
    const [ranking] = ttft(latencies(['RTX 4090', 200], ['A800', 100], ['H20', 101, { quality }], ['H800', 50]));
    assert.equal(rankingText(ranking!), 'H800 > A800 ≈ H20 (suspect) > RTX 4090');
    assert.deepEqual(ranking!.apart, []);
  });

  it('lists differences within a chain of ties', () => {
    const [ranking] = ttft(latencies(['A800', 100], ['H20', 102.5], ['H800', 105]));
    assert.equal(rankingText(ranking!), 'A800 ≈ H20 ≈ H800');
    assert.deepEqual(ranking!.apart, [['A800', 'H800']]);
  });

  it('judges nothing without bounds, and nothing of requests of another size', () => {
    const [without] = ttft(latencies(['A800', 100, { noise: null }], ['H800', 50]));
    assert.equal(rankingText(without!), 'H800 ? A800');
    const [apart] = ttft(latencies(['A800', 100, { input: 300 }], ['H800', 50]));
    assert.equal(rankingText(apart!), 'H800 ? A800');
    assert.deepEqual(apart!.incomparable, ['H800: 100.0 input tokens a request against 300.0']);
  });

  it('never ranks simulated runs among measured ones', () => {
    const benchmark = latencies(
      ['A800', 100],
      ['H800', 50],
      ['A800', 90, { simulated: true }],
      ['H800', 60, { simulated: true }],
    );
    assert.deepEqual(
      ttft(benchmark).map((ranking) => [ranking.simulated, ranking.places.map(({ figure }) => figure.value)]),
      [
        [false, [50, 100]],
        [true, [60, 90]],
      ],
    );
    assert.match(benchmark.warnings[0] ?? '', /^some runs are simulated, others measured/);
    assert.deepEqual(
      benchmark.trades.map(({ simulated, points }) => [simulated, points.length]),
      [
        [false, 2],
        [true, 2],
      ],
    );
  });

  it('ranks throughput from the highest on', () => {
    const { families } = latencies(
      ['A800', 100, { users: 8, tokensPerSecond: 900 }],
      ['H800', 100, { users: 8, tokensPerSecond: 2000 }],
    );
    const ranking = families[0]!.rankings.find(({ metric }) => metric === 'llm_output_tokens_per_second');
    assert.equal(rankingText(ranking!), 'H800 > A800');
  });
});
