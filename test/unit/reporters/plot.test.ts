import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type PlottedLine, plotText, wantsAscii } from '../../../reporters/index.js';
import { displayWidth } from '../../../reporters/terminal-text.js';

/** A line of users through these points, in seconds. */
function line(name: string, ...points: readonly (readonly [seconds: number, level: number])[]): PlottedLine {
  const corners = points.map(([seconds, level]) => ({ at: seconds * 1000, level }));
  return { name, description: 'as planned', unit: 'VUs', points: corners };
}

const RAMP = line('ramp', [0, 0], [10, 8], [20, 8]);
const LATE = line('late', [10, 3], [15, 3]);

describe('a plot', () => {
  it('draws each line over the same time, with users and time at its axes', () => {
    const shown = plotText([RAMP, LATE], { width: 60 });
    assert.equal(
      shown,
      `
  VUs over time, ramp: as planned
  8 │                         ⣀⠔⠊⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉
    │                      ⡠⠔⠉
    │                  ⢀⡠⠔⠉
    │               ⢀⡠⠒⠁
  4 │            ⢀⠤⠒⠁
    │         ⢀⠤⠊⠁
    │      ⣀⠔⠊⠁
    │   ⣀⠔⠊
  0 │⡠⠔⠉
     0s            5s           10s           15s        20s

  VUs over time, late: as planned
  3 │                           ⢸⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⡇
${'    │                           ⢸             ⡇\n'.repeat(7)}  0 │                           ⢸             ⡇
     0s            5s           10s           15s        20s
`,
    );
  });

  it('does with ASCII where it has to', () => {
    const shown = plotText([LATE], { width: 40, ascii: true });
    assert.match(shown, /^[ -~\n]+$/);
    assert.match(shown, /3 \| +\|'+\n/);
    assert.match(shown, /0 \| +\|\n +0s +/);
  });

  it('loses no peak, however short', () => {
    const spike = line('spike', [0, 1], [1800, 1], [1800, 40], [1800.5, 40], [1800.5, 1], [3600, 1]);
    assert.match(plotText([spike]), /40 │ +[⡇⢸]\n/);
  });

  it('has numbers at its axis that are whole for users and fine for rates', () => {
    const labels = (most: number, unit: string) => {
      const shown = plotText([{ ...line('a', [0, most], [10, most]), unit }]);
      return [...shown.matchAll(/^ +([\d.,]+) │/gm)].map(([, label]) => label).reverse();
    };
    assert.deepEqual(labels(1, 'VUs'), ['0', '1']);
    assert.deepEqual(labels(64, 'VUs'), ['0', '40', '80']);
    assert.deepEqual(labels(1500, 'VUs'), ['0', '1,000', '2,000']);
    assert.deepEqual(labels(0.5, 'iterations/s'), ['0', '0.25', '0.5']);
  });

  it('keeps to its width and shows the highest level at its top', () => {
    const level = fc.integer({ min: 0, max: 500 });
    const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 100_000 }), level), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(points, fc.integer({ min: 40, max: 200 }), (corners, width) => {
        const sorted = corners.toSorted(([a], [b]) => a - b);
        fc.pre((sorted.at(-1)?.[0] ?? 0) > 0);
        const shown = plotText([line('any', ...sorted)], { width });
        for (const text of shown.split('\n')) assert.ok(displayWidth(text) <= width, text);
        const most = Math.max(...sorted.map(([, high]) => high));
        const [, label = '', top = ''] = /([\d,]+) │(.*)/.exec(shown) ?? [];
        const highest = Number(label.replaceAll(',', ''));
        assert.ok(highest >= most, `${highest} < ${most}`);
        if (highest === most) assert.match(top, /[⠁-⣿]/, shown);
      }),
    );
  });
});

describe('a terminal', () => {
  const table: readonly (readonly [environment: Readonly<Record<string, string>>, ascii: boolean])[] = [
    [{}, false],
    [{ LANG: 'en_US.UTF-8' }, false],
    [{ LANG: 'zh_CN.utf8', TERM: 'xterm' }, false],
    [{ LANG: 'C' }, true],
    [{ LANG: 'de_DE.ISO-8859-1' }, true],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'POSIX' }, true],
    [{ LANG: 'C', LC_CTYPE: 'C.UTF-8' }, false],
    [{ LANG: 'en_US.UTF-8', TERM: 'dumb' }, true],
  ];
  for (const [environment, ascii] of table) {
    it(`with ${JSON.stringify(environment)} ${ascii ? 'has to do with ASCII' : 'shows all characters'}`, () => {
      assert.equal(wantsAscii(environment), ascii);
    });
  }
});
