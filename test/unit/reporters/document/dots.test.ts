import assert from 'node:assert/strict';
import type { Line, Unit } from '../../../../reporters/document/chart.js';
import { asciiOf, draw, type Layout } from '../../../../reporters/document/dots.js';

const SIZE: Layout = { from: 0, to: 4, width: 14, height: 6, isAscii: true };

/** Line through the middles of seconds. */
const line = (values: readonly (number | null)[], style: Line['style'] = 'line'): Line => {
  return { label: 'a', color: 1, style, points: values.map((y, second) => ({ x: second + 0.5, y })) };
};
const drawn = (lines: readonly Line[], layout: Partial<Layout> = {}, unit: Unit = 'count') =>
  draw({ y: { name: 'a', unit }, lines }, { ...SIZE, ...layout });

const paths = (lines: readonly Line[], layout: Partial<Layout> = {}) =>
  drawn(lines, layout).strokes.map(({ path }) => path);

describe('a chart', () => {
  it('begins at zero, ends above the highest value, and says what its axes are in', () => {
    const { text } = drawn([line([10, 37, 20])], { to: 3, width: 40 }, 'time');
    assert.deepEqual(text, [
      '40ms |',
      '     |',
      '20ms |',
      '     |',
      '   0 |',
      '      0s         1s         2s        3s',
    ]);
  });

  it('places the highest value of the axis at the top and zero at the bottom', () => {
    const [path = []] = paths([line([0, 40, 40])], { to: 3 });
    assert.deepEqual(
      path.map(([, y]) => y),
      [19, 0, 0],
    );
  });

  it('leaves gaps where there is no value', () => {
    assert.equal(paths([line([1, 2, null, 3, 4])], { to: 5 }).length, 2);
  });

  it('loses no peak where many values share a column', () => {
    const values = Array.from({ length: 1000 }, (_, index) => (index === 517 ? 80 : 1));
    const [path = []] = paths([line(values)], { to: 1000 });
    assert.equal(Math.min(...path.map(([, y]) => y)), 0);
    assert.ok(path.length <= 2 * 14);
  });

  it('draws what is behind the others as single dots', () => {
    const dots = paths([line([1, 1, 1, 1], 'dashed')]);
    assert.ok(dots.length >= 4);
    assert.ok(dots.every((path) => path.length === 1));
  });

  it('shows nothing but its axes without any value', () => {
    const { strokes, text } = drawn([], { to: 60, width: 66, height: 4 });
    assert.deepEqual(strokes, []);
    assert.deepEqual(text.slice(0, 3), ['1 |', '  |', '0 |']);
    assert.match(text[3] ?? '', /^ +0s +10s +20s +30s +40s +50s +1m$/);
  });

  for (const [seconds, expected] of [
    [36_000, /^ +0s +2h +4h +6h +8h +10h$/],
    [300, /^ +0s +1m +2m +3m +4m +5m$/],
  ] as const) {
    it(`marks ${seconds} seconds at round times`, () => {
      assert.match(drawn([], { to: seconds, width: 80, height: 5 }).text.at(-1) ?? '', expected);
    });
  }

  it('is drawn with what ASCII has', () => {
    assert.equal(asciiOf('⠁⠒⣀⡇⠉⠀⠓x'), "'-.|' \"x");
  });
});
