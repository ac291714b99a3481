import assert from 'node:assert/strict';
import { UserError } from '../../../engine/errors.js';
import { compareFiles } from '../../../engine/results/compare-files.js';
import { k6Summary } from '../../../reporters/k6-summary.js';
import { testFolder } from '../../support/folder.js';
import { healthy } from '../reporters/summaries.js';
import { peer } from './peer-files.js';

describe('a file of another tool', () => {
  const folder = testFolder();

  const strange: readonly (readonly [file: string, what: RegExp, hint: RegExp])[] = [
    ['locust-2.47.0-c16.json', /the JSON of Locust's --json-file/, /_stats\.csv/],
    ['locust-2.47.0-c16_stats_history.csv', /Locust's _stats_history\.csv/, /_stats\.csv/],
    ['locust-2.47.0-c16_failures.csv', /Locust's list of failures/, /_stats\.csv/],
    ['locust-2.47.0-c16_exceptions.csv', /Locust's list of failures or exceptions/, /_stats\.csv/],
    ['aiperf-0.13.0-requests.jsonl', /aiperf's records of single requests/, /profile_export_aiperf\.json/],
    ['evalscope-1.14.1-benchmark_args.json', /evalscope's benchmark_args\.json/, /benchmark_summary\.json/],
  ];
  for (const [file, what, hint] of strange) {
    it(`is refused by name, with what to give instead: ${file}`, () => refused(peer(file), what, hint));
  }

  it('is refused as a report of ours, or by its keys', async () => {
    await refused(folder.write('k6.json', k6Summary(healthy)), /a summary in the form of k6/, /--out json=FILE/);
    await refused(
      folder.write('cmp.json', '{"schema":"tokenswarm/comparison"}'),
      /a report of tokenswarm/,
      /--out json/,
    );
    await refused(
      folder.write('list.json', '[{"a":1},{"a":2}]'),
      /a list of 2 that begins with an object with "a"/,
      /vllm/,
    );
    await refused(folder.write('other.yaml', 'a: 1\nb: [2]\n'), /an object with "a", "b"/, /guidellm/);
    await refused(folder.write('other.csv', 'x,y\n1,2\n'), /a table with the columns "x", "y"/, /Locust/);
    await refused(folder.write('cut.json', '{"a": [1'), /it is not JSON/, /comparable files/);
  });

  async function refused(path: string, what: RegExp, hint: RegExp): Promise<void> {
    await assert.rejects(compareFiles([path]), (error: UserError) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, what);
      assert.match(error.hint ?? '', hint);
      assert.equal(error.where, path);
      return true;
    });
  }
});
