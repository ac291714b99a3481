import assert from 'node:assert/strict';
import { asciiOf, draw, type Plot, type Sample } from '../../../reporters/dot-chart.js';

const plot = (values: readonly (number | null)[], more: Partial<Plot> = {}): Plot => ({
  from: 0,
  to: values.length,
  axis: '|',
  label: String,
  curves: [{ color: 'green', samples: values.map((value, at): Sample => ({ at, seconds: 1, value })) }],
  ...more,
});

/** The chart as a terminal without braille shows it. */
function paths(given: Plot, width = 14, height = 6) {
  return draw(given, width, height).strokes.map(({ path }) => path);
}

describe('a chart', () => {
  it('begins at zero, ends above the highest value, and says what its axes are in', () => {
    const { text } = draw(plot([10, 37, 20], { label: (value) => `${value}ms` }), 40, 6);
    assert.deepEqual(text, [
      '40ms |',
      '     |',
      '20ms |',
      '     |',
      ' 0ms |',
      '      0s         1s         2s        3s',
    ]);
  });

  it('places the highest value of the axis at the top and zero at the bottom', () => {
    const [path = []] = paths(plot([0, 40, 40]));
    assert.deepEqual(
      path.map(([, y]) => y),
      [19, 0, 0],
    );
  });

  it('leaves gaps where there is no value, and where seconds are missing', () => {
    assert.equal(paths(plot([1, 2, null, 3, 4])).length, 2);
    const samples = [0, 1, 5, 6].map((at) => ({ at, seconds: 1, value: 1 }));
    assert.equal(paths(plot([], { to: 8, curves: [{ color: 'green', samples }] })).length, 2);
  });

  it('loses no peak where many values share a column', () => {
    const values = Array.from({ length: 1000 }, (_, index) => (index === 517 ? 80 : 1));
    const [path = []] = paths(plot(values));
    assert.equal(Math.min(...path.map(([, y]) => y)), 0);
    assert.ok(path.length <= 2 * 14);
  });

  it('draws what is behind the others as single dots', () => {
    const samples = [0, 1, 2, 3].map((at) => ({ at, seconds: 1, value: 1 }));
    const dots = paths(plot([], { to: 4, curves: [{ color: 'white', dotted: true, samples }] }));
    assert.ok(dots.length >= 4);
    assert.ok(dots.every((path) => path.length === 1));
  });

  it('shows nothing but its axes without any value', () => {
    const { strokes, text } = draw(plot([], { to: 60 }), 66, 4);
    assert.deepEqual(strokes, []);
    assert.deepEqual(text.slice(0, 3), ['1 |', '  |', '0 |']);
    assert.match(text[3] ?? '', /^ +0s +10s +20s +30s +40s +50s +1m$/);
  });

  for (const [seconds, expected] of [
    [36_000, /^ +0s +2h +4h +6h +8h +10h$/],
    [300, /^ +0s +1m +2m +3m +4m +5m$/],
  ] as const) {
    it(`marks ${seconds} seconds at round times`, () => {
      assert.match(draw(plot([], { to: seconds }), 80, 5).text.at(-1) ?? '', expected);
    });
  }

  it('is drawn with what ASCII has', () => {
    assert.equal(asciiOf('⠁⠒⣀⡇⠉⠀⠓x'), "'-.|' \"x");
  });
});
