import assert from 'node:assert/strict';
import type { Snapshot } from '../../../engine/metrics/snapshot.js';
import { createProgress, progressLine } from '../../../reporters/progress.js';
import { displayWidth } from '../../../reporters/terminal-text.js';
import { midway } from './snapshots.js';
import { healthy } from './summaries.js';

const SNAPSHOT: Snapshot = {
  ...midway,
  elapsed: 12_400,
  interval: { ...healthy.intervals[0]!, seconds: 2, outputTokens: 2408 },
};

const NO_TTFT = { ...SNAPSHOT.totals, requests: 0, ttft: { p50: undefined, p95: undefined } };

describe('the progress line', () => {
  const rows: readonly (readonly [string, Partial<Snapshot>, string])[] = [
    ['a run in its middle', {}, '00:12/00:25  20 VUs  143 req  1,204 tok/s  TTFT p50 51ms p95 63ms  0 failed'],
    [
      'the first second',
      { elapsed: 300, vus: 1, interval: undefined, totals: NO_TTFT },
      '00:00/00:25  1 VU  0 req  0 failed',
    ],
    [
      'a run of plain HTTP requests',
      { totals: { ...NO_TTFT, http: { requests: 1200, failed: 3 } } },
      '00:12/00:25  20 VUs  1,200 HTTP req  3 failed',
    ],
    [
      'a run that drops what it cannot start',
      { totals: { ...SNAPSHOT.totals, dropped: 1234 } },
      '00:12/00:25  20 VUs  143 req  1,204 tok/s  TTFT p50 51ms p95 63ms  0 failed  1,234 dropped',
    ],
    [
      'a drain',
      { state: 'draining', elapsed: 26_001, vus: 3, inFlight: 3 },
      '00:26/00:25  draining, 3 in flight  143 req  TTFT p50 51ms p95 63ms  0 failed',
    ],
    [
      'a plan without a duration',
      { duration: 0, elapsed: 3_723_000 },
      '1:02:03  20 VUs  143 req  1,204 tok/s  TTFT p50 51ms p95 63ms  0 failed',
    ],
  ];
  for (const [title, change, expected] of rows) {
    it(`shows ${title}`, () => assert.equal(progressLine({ ...SNAPSHOT, ...change }), expected));
  }

  it('keeps below 100 columns in a big run', () => {
    for (const state of ['running', 'draining'] as const) {
      const line = progressLine({
        ...SNAPSHOT,
        state,
        elapsed: 3_723_000,
        duration: 3_600_000,
        vus: 9000,
        inFlight: 8999,
        interval: { ...healthy.intervals[0]!, outputTokens: 123_456 },
        totals: { ...SNAPSHOT.totals, requests: 999_999, failed: 9999, ttft: { p50: 850, p95: 12_345 } },
      });
      assert.ok(displayWidth(line) < 100, line);
    }
  });
});

describe('progress', () => {
  const record = (live: boolean, columns?: number) => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text), columns };
    return { written, progress: createProgress(stream, { live }) };
  };

  it('rewrites one line on a terminal, and leaves it at the end', () => {
    const { written, progress } = record(true);
    progress.show(SNAPSHOT);
    progress.show({ ...SNAPSHOT, elapsed: 13_400 });
    progress.end();
    progress.end();
    assert.deepEqual(written, [
      `\r${progressLine(SNAPSHOT)}\u001b[K`,
      `\r${progressLine({ ...SNAPSHOT, elapsed: 13_400 })}\u001b[K`,
      '\n',
    ]);
  });

  it('stays below other output on the terminal, and restores its streams', () => {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    const [stream, other] = [{ write }, { write }];
    const progress = createProgress(stream, { live: true, beside: [other] });
    const line = progressLine(SNAPSHOT);
    progress.show(SNAPSHOT);
    other.write('a line\n');
    stream.write('half ');
    stream.write('a line\n');
    progress.show(SNAPSHOT);
    progress.end();
    other.write('after\n');
    const wiped = '\r\u001b[K';
    const drawn = `\r${line}${'\u001b[K'}`;
    assert.deepEqual(written, [drawn, wiped, 'a line\n', line, wiped, 'half ', 'a line\n', drawn, '\n', 'after\n']);
    assert.deepEqual([stream.write, other.write], [write, write]);
  });

  it('never fills the last column of a terminal, which would wrap the line', () => {
    const { written, progress } = record(true, 30);
    progress.show(SNAPSHOT);
    assert.equal(written[0], '\r00:12/00:25  20 VUs  143 req…\u001b[K');
  });

  it('prints a line every five seconds without a terminal, and no control characters', () => {
    const { written, progress } = record(false);
    for (let elapsed = 1000; elapsed <= 12_000; elapsed += 1000) progress.show({ ...SNAPSHOT, elapsed });
    progress.end();
    assert.deepEqual(
      written.map((line) => line.slice(0, 5)),
      ['00:01', '00:06', '00:11'],
    );
    for (const line of written) assert.match(line, /^[^\p{Cc}]+\n$/u);
  });
});
