import assert from 'node:assert/strict';
import { kneeOf } from '../../../../engine/results/sweep/knee.js';
import type { LevelRun } from '../../../../engine/results/sweep/level.js';
import { worstOf } from '../../../../engine/results/sweep/outcome.js';
import { tableOf } from '../../../../engine/results/sweep/table.js';
import { readVariables } from '../../../../engine/results/sweep/vary.js';

function runOf(values: Readonly<Record<string, string>>, throughput: number, repeat = 1): LevelRun {
  return {
    name: Object.values(values).join(),
    values,
    repeat,
    startedAt: '',
    users: 1,
    figures: { outputTokensPerSecond: throughput },
    window: 'steady',
    requests: 1,
    verdict: 'valid',
    reasons: [],
    simulated: true,
    model: 'sim',
    exitCode: 0,
    crossed: [],
  };
}

describe('the table of a sweep', () => {
  it('has a row for each level, with the middle of its runs and how far they are apart', () => {
    const variables = readVariables(['N=8,1']);
    const runs = [80, 100, 90].map((throughput, index) => runOf({ N: '8' }, throughput, index + 1));
    const { axis, series } = tableOf(variables, [], [...runs, runOf({ N: '1' }, 10), runOf({ N: '1' }, 20)]);
    assert.equal(axis, 'N');
    assert.deepEqual(
      series[0]?.levels.map(({ at, median, least, most }) => [at, median, least, most]),
      [
        [1, { outputTokensPerSecond: 15 }, { outputTokensPerSecond: 10 }, { outputTokensPerSecond: 20 }],
        [8, { outputTokensPerSecond: 90 }, { outputTokensPerSecond: 80 }, { outputTokensPerSecond: 100 }],
      ],
    );
  });

  it('draws against the users, not against what servers are started for', () => {
    const axisOf = (texts: readonly string[], outer: readonly string[] = []) =>
      tableOf(readVariables(texts), outer, []).axis;
    assert.equal(axisOf(['TP=1,2,4,8', 'PEAK_USERS=1,4'], ['TP']), 'PEAK_USERS');
    assert.equal(axisOf(['TP=1,2', 'PEAK_USERS=1,4,8']), 'PEAK_USERS');
    assert.equal(axisOf(['MODEL=a,b,c', 'N=1,2']), 'N');
    assert.equal(axisOf(['MODEL=a,b,c', 'DATA=x,y']), 'DATA');
    const runs = ['1', '2'].flatMap((TP) => ['1', '4'].map((N) => runOf({ TP, N }, 1)));
    assert.deepEqual(
      tableOf(readVariables(['TP=1,2', 'N=1,4']), ['TP'], runs).series.map(({ name, levels }) => [name, levels.length]),
      [
        ['TP=1', 2],
        ['TP=2', 2],
      ],
    );
  });
});

describe('the knee', () => {
  const at = (points: readonly (readonly [number, number])[]) =>
    kneeOf(points.map(([at, outputTokensPerSecond]) => ({ at, median: { outputTokensPerSecond } })));

  it('is where output tokens a second nearly reach their maximum', () => {
    const knee = at([
      [1, 100],
      [2, 190],
      [4, 350],
      [8, 480],
      [16, 500],
      [32, 490],
    ]);
    assert.deepEqual(knee, { at: 8, after: 4, throughput: 480, most: 500, isOpen: false });
  });

  it('is open where they still grow at the highest level, and unknown of few', () => {
    assert.equal(
      at([
        [1, 100],
        [2, 190],
        [4, 350],
      ])?.isOpen,
      true,
    );
    assert.equal(
      at([
        [1, 100],
        [2, 190],
      ]),
      undefined,
    );
    assert.equal(
      at([
        [1, 0],
        [2, 0],
        [4, 0],
      ]),
      undefined,
    );
  });
});

describe('the exit code of several runs', () => {
  it('is that of the worst', () => {
    assert.equal(worstOf([]), 0);
    assert.equal(worstOf([0, 99, 0]), 99);
    assert.equal(worstOf([99, 107, 0]), 107);
    assert.equal(worstOf([107, 105, 99]), 105);
  });
});
