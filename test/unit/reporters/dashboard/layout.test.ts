import assert from 'node:assert/strict';
import fc from 'fast-check';
import { layout, type PanelName } from '../../../../reporters/dashboard/layout.js';
import { panelOf } from '../../../../reporters/dashboard/panels/index.js';
import { paint } from '../../../../reporters/paint.js';
import { displayWidth } from '../../../../reporters/terminal-text.js';
import { midway } from '../snapshots.js';
import { viewOf } from './views.js';

const [row] = midway.rows;
const [scenario] = midway.scenarios;

/** Snapshots with more in them than there is room for. */
const crowded = fc.record({ scenarios: fc.nat(9), rows: fc.nat(40), failures: fc.nat(20) }).map((many) => ({
  scenarios: Array.from({ length: many.scenarios }, (_, n) => ({ ...scenario!, name: `场景${n}` })),
  rows: Array.from({ length: many.rows }, (_, n) => ({
    ...row!,
    name: `写一首很长的诗🙂${n}`,
    requests: 10 ** (n % 9),
  })),
  failures: Array.from({ length: many.failures }, (_, n) => ({
    ...{
      scenario: 'peak',
      name: '聊天',
      method: 'POST',
      kind: 'http_status',
      status: 500,
      count: 3,
      firstAt: 0,
      lastAt: n * 100,
    },
    message: `服务器出错了 ${'x'.repeat(n * 10)}`,
  })),
  warnings: ['w'.repeat(many.failures * 9)],
  quality: { ...midway.quality, verdict: 'suspect' as const, reasons: ['the generator itself was late '.repeat(4)] },
}));

describe('the layout of the dashboard', () => {
  const sizes = fc.record({ width: fc.integer({ min: 30, max: 300 }), height: fc.integer({ min: 4, max: 100 }) });

  it('lets no panels overlap or leave the screen, and none shows more than it has room for, at any size', () => {
    const property = fc.property(sizes, crowded, fc.boolean(), fc.boolean(), (size, change, server, ascii) => {
      const view = viewOf(change, { ascii, paint: paint(true), log: ['脚本'.repeat(80)] });
      const { scenarios, rows } = view.snapshot;
      const places = layout(size, { scenarios: scenarios.length, server, http: false, rows: rows.length });
      const taken = new Set<string>();
      for (const place of places) {
        const { panel, left, top, width, height } = place;
        assert.ok(left >= 0 && top >= 0 && left + width <= size.width && top + height <= size.height, panel);
        for (let y = top; y < top + height; y += 1) {
          for (let x = left; x < left + width; x += 1) {
            assert.ok(!taken.has(`${x} ${y}`), `${panel} stands on another at ${x}, ${y}`);
            taken.add(`${x} ${y}`);
          }
        }
        const { lines, drawing } = panelOf(panel, view, place, undefined);
        assert.ok(lines.length <= height, `${panel} has ${lines.length} lines of ${height}`);
        for (const line of lines) assert.ok(displayWidth(line) <= width, `${panel}, ${width} wide: ${line}`);
        for (const [x, y] of drawing?.strokes.flatMap(({ path }) => path) ?? []) {
          assert.ok(x >= 0 && x < drawing!.columns * 2 && y >= 0 && y < drawing!.rows * 4, `${panel}: ${x}, ${y}`);
        }
      }
    });
    fc.assert(property, { numRuns: 150 });
  });

  const rows: readonly (readonly [string, { width: number; height: number }, boolean, readonly PanelName[]])[] = [
    [
      'a small terminal',
      { width: 60, height: 12 },
      false,
      ['throughput', 'latency', 'users', 'thresholds', 'failures', 'health', 'table'],
    ],
    [
      '80 by 24',
      { width: 80, height: 24 },
      false,
      ['throughput', 'latency', 'table', 'thresholds', 'failures', 'health'],
    ],
    [
      '120 by 40',
      { width: 120, height: 40 },
      false,
      ['throughput', 'latency', 'users', 'health', 'table', 'thresholds', 'failures'],
    ],
    [
      '120 by 40 beside a server that tells of itself',
      { width: 120, height: 40 },
      true,
      ['throughput', 'latency', 'users', 'server', 'table', 'thresholds', 'failures', 'health'],
    ],
    [
      '200 by 60',
      { width: 200, height: 60 },
      true,
      [
        'throughput',
        'latency',
        'users',
        'server',
        'latency2',
        'latency3',
        'latency4',
        'table',
        'thresholds',
        'failures',
        'health',
      ],
    ],
  ];
  for (const [what, size, server, expected] of rows) {
    it(`has its panels on ${what}`, () => {
      const places = layout(size, { scenarios: 1, server, http: false, rows: 1 });
      assert.deepEqual(
        places.map(({ panel }) => panel),
        ['head', 'footer', ...expected],
      );
    });
  }
});
