import assert from 'node:assert/strict';
import { UserError } from '../../../../engine/errors.js';
import { fileName, plannedRun, planRuns } from '../../../../engine/results/sweep/planned-run.js';
import { readRange, readVariables } from '../../../../engine/results/sweep/vary.js';

/** Lines of the error that `act` throws. */
function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof UserError && error.where === '--vary' && error.exitCode === 104, String(error));
    return error.message.split('\n');
  }
  return [];
}

describe('--vary', () => {
  it('is read by name and values', () => {
    assert.deepEqual(readVariables(['PEAK_USERS=1, 4,8', 'MODEL=Qwen/Qwen2.5-7B=a']), [
      { name: 'PEAK_USERS', values: ['1', '4', '8'] },
      { name: 'MODEL', values: ['Qwen/Qwen2.5-7B=a'] },
    ]);
    assert.deepEqual(readRange('RATE=0.5..20'), { name: 'RATE', low: 0.5, high: 20, step: 0.1 });
    assert.deepEqual(readRange('PEAK_USERS=1..256'), { name: 'PEAK_USERS', low: 1, high: 256, step: 1 });
  });

  it('is refused with all its errors', () => {
    assert.deepEqual(
      problemsOf(() => readVariables(['A=1,,4,1', 'B C=1', 'X', 'A=3'])),
      [
        '"A=1,,4,1" has an empty value',
        'A has the value 1 twice',
        'expected NAME=value,value, got "B C=1": a name has letters, digits and _ only',
        'expected NAME=value,value, got "X"',
        'A is varied twice',
      ],
    );
    assert.deepEqual(
      problemsOf(() => readVariables([])),
      ['is required: name a variable and its values'],
    );
    const hundred = Array.from({ length: 101 }, (_, value) => value).join(',');
    assert.deepEqual(
      problemsOf(() => readVariables([`A=${hundred}`, `B=${hundred}`])),
      ['these are 10,201 runs; expected 10,000 at most'],
    );
    for (const text of ['A=4..1', 'A=0..8', 'A=1-8', 'A=1..', 'A=x..8']) {
      const expected = `${JSON.stringify(text)} is not a range: expected NAME=low..high, with 0 < low < high`;
      assert.deepEqual(
        problemsOf(() => readRange(text)),
        [expected],
      );
    }
    assert.deepEqual(
      problemsOf(() => readRange('1..8')),
      ['expected NAME=low..high, got "1..8"'],
    );
  });
});

describe('the runs of a sweep', () => {
  const variables = readVariables(['PEAK_USERS=1,4', 'TP=1,2']);

  it('restart a server as rarely as possible, and repeat levels in rounds', () => {
    assert.deepEqual(
      planRuns(variables, 2, ['TP', 'gpu']).map(({ name }) => name),
      [
        'PEAK_USERS=1,TP=1',
        'PEAK_USERS=4,TP=1',
        'PEAK_USERS=1,TP=1.repeat-2',
        'PEAK_USERS=4,TP=1.repeat-2',
        'PEAK_USERS=1,TP=2',
        'PEAK_USERS=4,TP=2',
        'PEAK_USERS=1,TP=2.repeat-2',
        'PEAK_USERS=4,TP=2.repeat-2',
      ],
    );
    assert.deepEqual(
      planRuns(variables, 1, []).map(({ values }) => values),
      [
        { PEAK_USERS: '1', TP: '1' },
        { PEAK_USERS: '1', TP: '2' },
        { PEAK_USERS: '4', TP: '1' },
        { PEAK_USERS: '4', TP: '2' },
      ],
    );
  });

  it('have names that are files, and no two the same', () => {
    assert.equal(plannedRun({ MODEL: 'Qwen/Qwen2.5 7B', N: '0.5' }, 1).name, 'MODEL=Qwen%2FQwen2.5%207B,N=0.5');
    assert.equal(fileName('百%'), '%E7%99%BE%25');
    assert.notEqual(fileName('a/b'), fileName('a%2Fb'));
  });
});
