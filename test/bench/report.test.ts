import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/command.js';
import { coresOf } from './cores.js';
import { lineOf, tablesOf, withMeasured } from './report.js';

const PAGE = readFileSync(join(ROOT, 'docs/performance.md'), 'utf8');

describe("the benchmark's report", () => {
  for (const [figure, line] of [
    [{ what: 'a', value: 1.234, unit: 'ms' }, /^a +1\.23 ms$/],
    [{ what: 'a', value: 1.5, unit: 'ms', goal: 1.5 }, /1\.50 ms +≤ 1\.5 ms ✓$/],
    [{ what: 'a', value: 1.51, unit: 'ms', goal: 1.5 }, /1\.51 ms +≤ 1\.5 ms ✗$/],
    [{ what: 'a', value: 0.999, unit: '×', least: 0.999 }, /≥ 0\.999 × ✓$/],
    [{ what: 'a', value: 0.5, unit: '×', least: 0.999 }, /≥ 0\.999 × ✗$/],
    [{ what: 'a', value: Number.NaN, unit: 'ms', goal: 1 }, /NaN ms +≤ 1 ms ✗$/],
  ] as const) {
    it(`shows ${JSON.stringify(figure)} with its goal`, () => assert.match(lineOf(figure), line));
  }

  it('puts its tables between the markers of the page and leaves the rest as it was', () => {
    const figures = [
      { what: 'x', value: 12345.6, unit: 'req' },
      { what: 'x ÷ y', value: 1.25, unit: '×', goal: 1.2 },
    ];
    const tables = tablesOf('a machine', [{ name: 'cost', title: 'Cost', figures }]);
    const page = withMeasured(PAGE, tables);
    assert.match(page, /^\| cost \| x ÷ y \| ≤ 1\.2 × \| 1\.25 × \| \*\*no\*\* \|$/m);
    assert.match(page, /^\| cost \| x \| 12,346 req \|$/m);
    assert.equal(withMeasured(page, 'again'), withMeasured(PAGE, 'again'));
    const [before = '', after = ''] = PAGE.split(/<!-- measured[\s\S]*<!-- end of measured -->/);
    assert.ok(page.startsWith(before) && page.endsWith(after));
  });

  it('says which marker a page lacks', () => {
    assert.throws(() => withMeasured('# Empty', ''), /lacks the line <!-- measured/);
  });

  it('documents every experiment, and flags that exist', () => {
    const bench = join(ROOT, 'test/bench');
    const names = readdirSync(join(bench, 'experiments')).filter((name) => name !== 'experiment.ts');
    for (const name of names) assert.ok(PAGE.includes(`| \`${name.replace('.ts', '')}\` |`), name);
    const index = readFileSync(join(bench, 'index.ts'), 'utf8');
    const flags = [...PAGE.matchAll(/ --([a-z][\w-]*)/g)].map(([, flag = '']) => flag);
    assert.ok(flags.length >= 8);
    for (const flag of flags) assert.match(index, new RegExp(`^    '?${flag}'?: \\{ type:`, 'm'));
  });

  it('reads lists of cores as the kernel writes them', () => {
    assert.deepEqual(coresOf('0-2,5,8-9'), [0, 1, 2, 5, 8, 9]);
    assert.deepEqual(coresOf('3'), [3]);
  });
});
