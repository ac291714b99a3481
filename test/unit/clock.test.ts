import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { every, formatDuration, parseDuration, sleep, systemClock } from '../../engine/clock.js';
import { FakeClock, settle } from '../support/fake-clock.js';

describe('durations', () => {
  const readable: readonly (readonly [text: string | number, ms: number])[] = [
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['250ms', 250],
    ['5m', 300_000],
    ['5ms', 5],
    ['1m5ms', 60_005],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['0s', 0],
    ['1.5s', 1500],
    ['1.001s', 1001],
    ['0.25ms', 0.25],
    [' 10s ', 10_000],
    [1500, 1500],
    [0, 0],
  ];
  for (const [text, ms] of readable) {
    it(`reads ${JSON.stringify(text)} as ${ms} ms`, () => assert.equal(parseDuration(text), ms));
  }

  const unreadable = [
    '',
    ' ',
    's',
    '30 s',
    '1m 30s',
    '-5s',
    '+5s',
    '1e3',
    '30S',
    '30sec',
    '5µs',
    '1.s',
    '.5s',
    's30',
    '10',
    '1500',
  ];
  for (const text of [...unreadable, -1, 0.5, 10, 999, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`does not read ${JSON.stringify(text)} (${typeof text})`, () => assert.equal(parseDuration(text), undefined));
  }

  const written: readonly (readonly [ms: number, text: string])[] = [
    [0, '0s'],
    [0.4, '0s'],
    [1, '1ms'],
    [250, '250ms'],
    [999, '999ms'],
    [999.6, '1s'],
    [1000, '1s'],
    [1500, '1.5s'],
    [59_999, '59.999s'],
    [60_000, '1m'],
    [90_000, '1m30s'],
    [90_500, '1m30.5s'],
    [3_600_000, '1h'],
    [3_605_000, '1h5s'],
    [86_400_000, '24h'],
  ];
  for (const [ms, text] of written) {
    it(`writes ${ms} ms as ${text}`, () => assert.equal(formatDuration(ms), text));
  }

  it('reads back every whole millisecond that it writes', () => {
    fc.assert(fc.property(fc.nat(40 * 86_400_000), (ms) => parseDuration(formatDuration(ms)) === ms));
  });
});

describe('every', () => {
  it('ticks on an absolute schedule', async () => {
    const clock = new FakeClock(500);
    const ticks: number[] = [];
    const stop = every(clock, 10, (late) => {
      assert.equal(late, 0);
      ticks.push(clock.now());
    });
    await clock.advance(45);
    stop();
    await clock.advance(100);
    assert.deepEqual(ticks, [510, 520, 530, 540]);
    assert.equal(clock.pending, 0);
  });

  it('tells how late it is, skips what it has missed and keeps to its schedule', async () => {
    const clock = new FakeClock();
    const ticks: (readonly [at: number, late: number])[] = [];
    const stop = every(clock, 10, (late) => ticks.push([clock.now(), late]));
    await clock.advance(10);
    await clock.stall(35);
    await clock.advance(20);
    await clock.stall(13);
    await clock.advance(8);
    stop();
    // Due at 20, 30 and 40, it came at 45; due at 70, at 78; the next are at 50 and 80 all the same.
    const expected = [
      [10, 0],
      [45, 25],
      [50, 0],
      [60, 0],
      [78, 8],
      [80, 0],
    ];
    assert.deepEqual(ticks, expected);
  });

  it('can be stopped from within a tick', async () => {
    const clock = new FakeClock();
    let ticks = 0;
    const stop = every(clock, 10, () => {
      ticks += 1;
      stop();
    });
    await clock.advance(100);
    assert.equal(ticks, 1);
  });
});

describe('sleep', () => {
  /** Current state of a promise: pending, resolved or rejected. */
  async function stateOf(promise: Promise<unknown>): Promise<string> {
    await settle();
    const pending = Symbol();
    return Promise.race([promise, Promise.resolve(pending)]).then(
      (value) => (value === pending ? 'pending' : 'resolved'),
      (reason: Error) => reason.message,
    );
  }

  it('resolves when its time has passed, and lets go of the signal', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const sleeping = sleep(clock, 100, controller.signal);
    await clock.advance(99);
    assert.equal(await stateOf(sleeping), 'pending');
    await clock.advance(1);
    assert.equal(await stateOf(sleeping), 'resolved');
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
  });

  it('rejects with the reason as soon as the signal aborts, and leaves no timer', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const sleeping = sleep(clock, 100, controller.signal);
    sleeping.catch(() => undefined);
    await clock.advance(50);
    controller.abort(new Error('enough'));
    assert.equal(await stateOf(sleeping), 'enough');
    assert.equal(clock.pending, 0);
  });

  it('does not begin under a signal that has aborted', async () => {
    const clock = new FakeClock();
    await assert.rejects(sleep(clock, 100, AbortSignal.abort(new Error('before'))), { message: 'before' });
    assert.equal(clock.pending, 0);
  });
});

describe('the system clock', () => {
  it('neither fires at once nor keeps a timer for a delay that setTimeout cannot hold', async () => {
    let fired = false;
    const cancel = systemClock.after(40 * 86_400_000, () => {
      fired = true;
    });
    await sleep(systemClock, 5);
    cancel();
    assert.equal(fired, false);
  });

  it('breathes until others have had their turn', async () => {
    const turns: string[] = [];
    setImmediate(() => turns.push('other'));
    await systemClock.breathe();
    turns.push('self');
    assert.deepEqual(turns, ['other', 'self']);
  });
});
