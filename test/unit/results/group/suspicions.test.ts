import assert from 'node:assert/strict';
import { benchmarkOf } from '../../../../engine/results/group/benchmark.js';
import { recordOf } from '../../../support/records.js';

describe('caveats on grouped runs', () => {
  it('say once why numbers are suspect', () => {
    const run = (gpu: string, ...reasons: readonly string[]) => {
      const quality = { verdict: reasons.length > 0 ? 'suspect' : 'valid', reasons } as const;
      return { file: `${gpu}.json`, record: recordOf({ labels: { gpu }, quality }) };
    };
    const runs = [run('A800', 'it lasted 5 s'), run('H20', 'it lasted 6.5 s', 'few samples'), run('H800')];
    assert.deepEqual(
      benchmarkOf(runs, ['gpu']).warnings.filter((text) => text.includes('suspect')),
      [
        'the numbers of A800.json and 1 more are suspect: it lasted 5 s (and similar)',
        'the numbers of H20.json are suspect: few samples',
      ],
    );
  });
});
