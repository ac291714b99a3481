import assert from 'node:assert/strict';
import { IDEAL_EFFICIENCY } from '../../../engine/hardware/index.js';
import { decodeStep, on, promptTurningPoints, tileRankings, turningPoints } from '../../study/crossover.js';
import { type StudyFigures, sameButCard, studyFigures } from '../../study/study-figures.js';
import { deployments, STUDY, type StudyPlan } from '../../study/study-plan.js';
import { countRuns, studyRuns } from '../../study/study-runs.js';
import { testFolder } from '../../support/folder.js';

const folder = testFolder();

/** Prompts of 500 to 900 tokens, bound by compute on all cards. */
function longPrompts(): string {
  const lines = Array.from({ length: 40 }, (_, i) =>
    JSON.stringify({ prompt: `${i} `.padEnd(2000 + 40 * i, 'word ') }),
  );
  return folder.write('long.jsonl', lines.join('\n'));
}

/** The study, but shorter. */
function small(more: Partial<StudyPlan>): StudyPlan {
  return {
    ...{ ...STUDY, ramp: '10s', hold: '40s', users: [64], latencyPrompts: 40, tensorParallel: [1, 2, 4] },
    ...{ models: ['qwen2.5-7b', 'qwen2.5-14b'], prompts: { file: longPrompts(), sample: 40 } },
    ...more,
  };
}

function play(more: Partial<StudyPlan>): StudyFigures[] {
  return [...studyRuns(small(more))].map(({ kind, record }) => studyFigures(kind, record));
}

function order(figures: readonly StudyFigures[], key: 'ttft' | 'tpot' | 'tokensPerSecond'): string[] {
  const sorted = figures.toSorted((a, b) => a[key] - b[key]).map(({ gpu }) => gpu);
  return key === 'tokensPerSecond' ? sorted.reverse() : sorted;
}

describe('the study', () => {
  it('has every deployment that has room, and no other', () => {
    const all = deployments({ ...STUDY, models: ['qwen2.5-7b', 'qwen2.5-72b'] });
    const cards = (model: string, tp: number) =>
      all.filter((each) => each.model.slug === model && each.tensorParallel === tp).map(({ card }) => card.slug);
    assert.deepEqual(cards('qwen2.5-7b', 1), ['rtx-4090', 'a800', 'h800', 'h20']);
    // Its 28 heads cannot be divided among 8.
    assert.deepEqual(cards('qwen2.5-7b', 8), []);
    assert.deepEqual(cards('qwen2.5-72b', 2), ['h20']);
    assert.deepEqual(cards('qwen2.5-72b', 4), ['a800', 'h800', 'h20']);
    assert.equal(countRuns(small({ models: ['qwen2.5-72b'], tensorParallel: [2] })), 2);
  });

  describe('at one user', () => {
    let latency: StudyFigures[];
    before(() => {
      latency = play({ users: [] });
    });

    it('ranks the time to the first token of long prompts by compute', () => {
      for (const { runs, tp } of sameButCard(latency).filter(({ runs }) => runs.length === 4)) {
        // All-reduces over PCIe may cost the RTX 4090 its lead over the H20.
        const expected = ['H800 SXM', 'A800 SXM', 'RTX 4090', 'H20'];
        const found = order(runs, 'ttft');
        if (tp === 1) assert.deepEqual(found, expected);
        else
          assert.deepEqual(
            found.filter((gpu) => gpu !== 'RTX 4090'),
            ['H800 SXM', 'A800 SXM', 'H20'],
          );
      }
    });

    it('ranks the time per token by memory bandwidth', () => {
      for (const { runs } of sameButCard(latency)) {
        const byBandwidth = ['H20', 'H800 SXM', 'A800 SXM', 'RTX 4090'].filter((gpu) =>
          runs.some((each) => each.gpu === gpu),
        );
        assert.deepEqual(order(runs, 'tpot'), byBandwidth);
      }
    });

    it('gains more of a second and fourth card over NVLink than over PCIe', () => {
      const ttft = (gpu: string, tp: number) =>
        latency.find((each) => each.gpu === gpu && each.model === 'Qwen2.5-7B' && each.tp === tp)?.ttft ?? Number.NaN;
      const gain = (gpu: string) => ttft(gpu, 1) / ttft(gpu, 4);
      assert.ok(gain('A800 SXM') > 1.25 * gain('RTX 4090'), `${gain('A800 SXM')} against ${gain('RTX 4090')}`);
      assert.ok(gain('A800 SXM') > 2 && gain('A800 SXM') < 4);
    });
  });

  it('ranks throughput by compute once there are many users, and lets small caches overflow', () => {
    const figures = play({ users: [256], latencyPrompts: 1, tensorParallel: [1], models: ['qwen2.5-7b'] });
    const crowded = figures.filter(({ kind }) => kind === 'throughput');
    assert.deepEqual(order(crowded, 'tokensPerSecond').slice(0, 2), ['H800 SXM', 'A800 SXM']);
    const overflowing = crowded.filter(({ preemptions }) => preemptions > 0).map(({ gpu }) => gpu);
    assert.deepEqual(overflowing, ['RTX 4090']);
  });
});

describe('turning points', () => {
  it('are where one card falls behind the other', () => {
    const [batch] = turningPoints('Qwen2.5-7B');
    for (const rival of ['h800', 'a800', 'rtx-4090'] as const) {
      const from = batch?.from[rival] ?? Number.NaN;
      const lead = (sequences: number) =>
        decodeStep(on(rival, 'qwen2.5-7b'), { batch: sequences }) -
        decodeStep(on('h20', 'qwen2.5-7b'), { batch: sequences });
      assert.ok(lead(from) < 0 && lead(from - 1) >= 0, `${rival} at ${from}`);
    }
  });

  it('come in the order of the rivals bandwidth, and near the ridge where nothing is lost', () => {
    for (const { cause, from } of [...turningPoints('Qwen2.5-7B'), promptTurningPoints('Qwen2.5-7B')]) {
      const { h800, a800, 'rtx-4090': rtx4090 } = from;
      if (h800 === undefined || a800 === undefined || rtx4090 === undefined) continue;
      const signs = [Math.sign(a800 - h800), Math.sign(rtx4090 - a800)];
      assert.equal(signs[0], signs[1], cause);
    }
    // Ridge of H20, 37 flops a byte, times the bandwidth of the one over that of the other, for weights of two bytes.
    const ideal = { all: IDEAL_EFFICIENCY, context: 0 };
    const behind = (batch: number) =>
      decodeStep(on('h20', 'qwen2.5-7b'), { ...ideal, batch }) >
      decodeStep(on('h800', 'qwen2.5-7b'), { ...ideal, batch });
    const ridge = Math.round((37 * 4000) / 3350);
    assert.ok(!behind(ridge - 1) && behind(ridge + 1));
  });

  it('never come of what all hosts need alike, and a share of bandwidth is one that can be reached', () => {
    const points = turningPoints('Qwen2.5-7B');
    const hosts = points.find(({ cause }) => /every host/.test(cause));
    assert.deepEqual(hosts?.from, { h800: undefined, a800: undefined, 'rtx-4090': undefined });
    const share = points.find(({ cause }) => /share of its bandwidth/.test(cause));
    assert.ok((share?.from.h800 ?? 0) > (share?.from.a800 ?? 1));
  });

  it('make the order of the article of tiles of 64 rows', () => {
    const [plain, tiles] = tileRankings('Qwen2.5-7B').map(({ cards }) => cards.map(({ gpu }) => gpu));
    assert.deepEqual(plain, ['H20', 'H800 SXM', 'A800 SXM', 'RTX 4090']);
    assert.deepEqual(tiles, ['H800 SXM', 'A800 SXM', 'H20', 'RTX 4090']);
  });
});
